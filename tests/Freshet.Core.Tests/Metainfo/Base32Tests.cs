using System.Text;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Tests.Metainfo;

public class Base32Tests
{
    // RFC 4648, section 10: BASE32("fooba") = "MZXW6YTB".
    [Theory]
    [InlineData("MZXW6YTB", "fooba")]
    [InlineData("mzxw6ytb", "fooba")]
    [InlineData("", "")]
    public void Text_is_read_in_either_case(string text, string expected)
    {
        byte[] bytes = new byte[expected.Length];
        Assert.True(Base32.TryDecode(text, bytes));
        Assert.Equal(expected, Encoding.ASCII.GetString(bytes));
    }

    [Theory]
    [InlineData("MZXW6YT")]
    [InlineData("MZXW6YTB=")]
    [InlineData("MZXW6YT1")]
    [InlineData("MZXW6YT\u00DF")]
    public void Incomplete_groups_and_other_characters_are_refused(string text) => Assert.False(Base32.TryDecode(text, new byte[5]));
}
