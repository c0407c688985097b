using System.Text;
using Freshet.Core.Dht.Items;

namespace Freshet.Core.Tests.Dht.Items;

public class ItemContentTests
{
    private const string Secret = "e06d3183d14159228433ed599221b80bd0a5ce8352e4bdf0262f76786ef1c74d"
        + "b7e7a9fea2c0eb269d61e3b38e450a22e754941ac78479d6c54e1faf6037881d";

    private const string Key = "77ff84905a91936367c01360803104f92432fcd904a43511876df5cdf3e7e548";
    private static readonly byte[] Hello = "12:Hello World!"u8.ToArray();

    // BEP 44, "test vectors": what is signed, where it is stored, and the signature.
    [Theory]
    [InlineData(
        "",
        "3:seqi1e1:v12:Hello World!",
        "4a533d47ec9c7d95b1ad75f576cffc641853b750",
        "305ac8aeb6c9c151fa120f120ea2cfb923564e11552d06a5d856091e5e853cff1260d3f39e4999684aa92eb73ffd136e6f4f3ecbfda0ce53a1608ecd7ae21f01")]
    [InlineData(
        "foobar",
        "4:salt6:foobar3:seqi1e1:v12:Hello World!",
        "411eba73b6f087ca51a3795d9c8c938d365e32c1",
        "6834284b6b24c3204eb2fea824d82f88883a3d95e8b4a21b8c0ded553d17d17ddf9a8a7104b1258f30bed3787e6cb896fca78c58f8e03b5f18f14951a87d9a08")]
    public void The_vectors_of_mutable_items_hold(string saltText, string covered, string target, string signature)
    {
        byte[] salt = Encoding.ASCII.GetBytes(saltText);
        byte[] buffer = new byte[200];
        Assert.Equal(covered, Encoding.ASCII.GetString(buffer, 0, ItemContent.WriteSigned(salt, 1, Hello, buffer)));
        ItemContent item = ItemContent.Sign(Convert.FromHexString(Secret), salt, 1, Hello);
        Assert.Equal(Key, Convert.ToHexStringLower(item.Key.Span));
        Assert.Equal(signature, Convert.ToHexStringLower(item.Signature.Span));
        Assert.Equal(target, ItemContent.TargetOf(item.Key.Span, salt).ToString());
        Assert.True(ItemContent.IsSigned(item.Key.Span, salt, 1, Hello, item.Signature.Span));
        Assert.False(ItemContent.IsSigned(item.Key.Span, salt, 2, Hello, item.Signature.Span));
        Assert.False(ItemContent.IsSigned(item.Key.Span, [.. salt, 1], 1, Hello, item.Signature.Span));
    }

    [Fact]
    public void The_vector_of_immutable_items_holds() =>
        Assert.Equal("e5f96f6f38320f0f33959cb4d3d656452117aadb", ItemContent.TargetOf(Hello).ToString());

    [Theory]
    [InlineData("i1e", true)]
    [InlineData("d1:ai1ee", true)]
    [InlineData("", false)]
    [InlineData("i1", false)]
    [InlineData("i1ei2e", false)]
    [InlineData("i01e", false)]
    [InlineData("d1:bi1e1:ai1ee", false)]
    public void A_value_must_be_in_canonical_form(string value, bool isGood) =>
        Assert.Equal(isGood, ItemContent.IsValue(Encoding.ASCII.GetBytes(value)));

    [Theory]
    [InlineData(996, true)]
    [InlineData(997, false)]
    public void A_value_has_at_most_a_thousand_bytes(int length, bool isGood) =>
        Assert.Equal(isGood, ItemContent.IsValue(Encoding.ASCII.GetBytes($"{length}:{new string('x', length)}")));
}
