using System.Buffers;
using System.Text;
using Freshet.Core.Bencoding;

namespace Freshet.Core.Tests.Bencoding;

public class BencodeWriterTests
{
    [Theory]
    [InlineData(0, "i0e")]
    [InlineData(-1, "i-1e")]
    [InlineData(long.MaxValue, "i9223372036854775807e")]
    [InlineData(long.MinValue, "i-9223372036854775808e")]
    public void Integers_are_written_in_full(long value, string expected) =>
        Assert.Equal(expected, Written(writer => writer.WriteInteger(value)));

    [Fact]
    public void Values_nest_as_in_BEP_3() => Assert.Equal("d3:cow3:moo4:spaml1:ai-1eee", Written(writer =>
    {
        writer.WriteDictionaryStart();
        writer.Write("cow"u8, "moo"u8);
        writer.WriteKey("spam"u8);
        writer.WriteListStart();
        writer.WriteString("a"u8);
        writer.WriteInteger(-1);
        writer.WriteEnd();
        writer.WriteEnd();
    }));

    [Fact]
    public void Strings_are_written_as_UTF_8_with_their_length_in_bytes() =>
        Assert.Equal("6:\u00E2\u0082\u00AC\u00C3\u00A9!", Written(writer => writer.WriteString("€é!")));

    [Fact]
    public void Bencoded_data_is_a_value_like_any_other() => Assert.Equal("d1:ad1:xi1ee1:bi2ee", Written(writer =>
    {
        writer.WriteDictionaryStart();
        writer.WriteKey("a"u8);
        writer.WriteRaw("d1:xi1ee"u8);
        writer.Write("b"u8, 2);
        writer.WriteEnd();
    }));

    public static TheoryData<string, string[]> BrokenGrammar => new()
    {
        { "a value without a key", ["d", "i"] },
        { "a key in a list", ["l", "k:a"] },
        { "a key at the top", ["k:a"] },
        { "two keys", ["d", "k:a", "k:b"] },
        { "keys out of order", ["d", "k:b", "i", "k:a"] },
        { "a key that is longer by what sorts before", ["d", "k:ab", "i", "k:a"] },
        { "equal keys", ["d", "k:a", "i", "k:a"] },
        { "an end after a key", ["d", "k:a", "e"] },
        { "an end too many", ["l", "e", "e"] },
        { "two values", ["i", "i"] },
    };

    [Theory]
    [MemberData(nameof(BrokenGrammar))]
    public void A_caller_that_breaks_the_grammar_gets_an_exception(string what, string[] calls)
    {
        var writer = new BencodeWriter(new ArrayBufferWriter<byte>());
        foreach (string call in calls[..^1])
            Call(writer, call);
        Assert.True(Record.Exception(() => Call(writer, calls[^1])) is InvalidOperationException, what);
    }

    [Fact]
    public void Keys_sort_as_bytes_within_each_dictionary() => Assert.Equal(
        "d0:de1:Zd1:ai1ee1:ai1e2:aai1e1:\u00FFi1ee",
        Written(writer =>
        {
            writer.WriteDictionaryStart();
            writer.WriteKey(""u8);
            writer.WriteDictionaryStart();
            writer.WriteEnd();
            writer.WriteKey("Z"u8);
            writer.WriteDictionaryStart();
            writer.Write("a"u8, 1);
            writer.WriteEnd();
            writer.Write("a"u8, 1);
            writer.Write("aa"u8, 1);
            writer.Write([0xFF], 1);
            writer.WriteEnd();
        }));

    [Fact]
    public void Half_a_value_is_not_returned() =>
        Assert.Throws<InvalidOperationException>(() => BencodeWriter.Write(writer => writer.WriteListStart()));

    private static string Written(Action<BencodeWriter> write) => Encoding.Latin1.GetString(BencodeWriter.Write(write));

    private static void Call(BencodeWriter writer, string call)
    {
        switch (call[0])
        {
            case 'd':
                writer.WriteDictionaryStart();
                break;
            case 'l':
                writer.WriteListStart();
                break;
            case 'e':
                writer.WriteEnd();
                break;
            case 'i':
                writer.WriteInteger(1);
                break;
            default:
                writer.WriteKey(Encoding.ASCII.GetBytes(call[2..]));
                break;
        }
    }
}
