using System.Text;

namespace Freshet.Core.Tests;

public class ForeignTextTests
{
    [Theory]
    [InlineData("slow down", "slow down")]
    [InlineData("  with spaces  around it ", "with spaces  around it")]
    [InlineData("", "")]
    [InlineData("  naïve — 日本語 🎬 ", "naïve — 日本語 🎬")]
    [InlineData("one\r\ntwo\tthree\u2028four\u2029five\u0085six", "one  two three four five six")]
    [InlineData("\e[2J\ahi\0", "\uFFFD[2J\uFFFDhi\uFFFD")]
    [InlineData("gnp.\u202Eexe\u2066x\u200F", "gnp.\uFFFDexe\uFFFDx\uFFFD")]
    [InlineData("a\u200Bb\uE000c\uFFFFd", "a\uFFFDb\uFFFDc\uFFFDd")]
    public void Only_characters_that_are_what_they_look_like_remain(string text, string shown)
    {
        Assert.Equal(shown, ForeignText.Clean(text, 100));
        Assert.Equal(shown, ForeignText.Clean(Encoding.UTF8.GetBytes(text), 100));
    }

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("a\uFFFDb", ForeignText.Clean("a\uD800b", 100));

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_replaced() =>
        Assert.Equal("\uFFFDTorrent", ForeignText.Clean([0xB5, .. "Torrent"u8], 100));

    [Theory]
    [InlineData("aaaa", "aaa")]
    [InlineData("日日日日", "日日日")]
    [InlineData("🎬🎬🎬", "🎬")]
    [InlineData("a🎬b", "a🎬")]
    public void No_character_is_cut_in_two(string text, string cut)
    {
        Assert.Equal(cut, ForeignText.Clean(text, 3));
        Assert.Equal(cut, ForeignText.Clean(Encoding.UTF8.GetBytes(text), 3));
    }

    [Fact]
    public void A_long_text_costs_no_more_than_its_beginning()
    {
        byte[] long10MB = new byte[10 * 1024 * 1024];
        Array.Fill(long10MB, (byte)'a');
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(1_000, ForeignText.Clean(long10MB, 1_000).Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 100_000);
    }
}
