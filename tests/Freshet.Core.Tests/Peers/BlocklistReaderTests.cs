using System.Net;
using System.Text;
using Freshet.Core.Peers;

namespace Freshet.Core.Tests.Peers;

public class BlocklistReaderTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", "192.0.2.8")]
    [InlineData("192.0.2.0/24", "192.0.2.255", "192.0.3.0")]
    [InlineData("192.0.2.77/24", "192.0.2.0", "192.0.1.255")]
    [InlineData("0.0.0.0/0", "255.255.255.255", "::1")]
    [InlineData("192.0.2.1-192.0.2.9", "192.0.2.9", "192.0.2.10")]
    [InlineData("001.002.004.000 - 001.002.004.255 , 100 , Some name, with a comma", "1.2.4.255", "1.2.5.0")]
    [InlineData("010.000.000.008 - 010.000.000.009 , 000 , not octal", "10.0.0.9", "10.0.0.10")]
    [InlineData("Some: company - of 1999:1.2.3.4-1.2.3.6", "1.2.3.5", "1.2.3.7")]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::")]
    [InlineData("Name:2001:db8::1-2001:db8::9", "2001:db8::9", "2001:db8::a")]
    [InlineData("2001:db8::1 - 2001:db8::9 , 5 , eMule of our days", "2001:db8::5", "2001:db8::")]
    [InlineData("192.0.2.0/31", "::ffff:192.0.2.1", "::ffff:192.0.2.2")]
    public void Each_format_blocks_what_it_says_and_nothing_else(string line, string blocked, string free)
    {
        Blocklist list = Read(line + "\r\n");
        Assert.Empty(list.Errors);
        Assert.Equal(1, list.Ranges.Count);
        Assert.True(list.Ranges.Contains(IPAddress.Parse(blocked)));
        Assert.False(list.Ranges.Contains(IPAddress.Parse(free)));
    }

    [Fact]
    public void Levels_above_127_and_comments_block_nothing()
    {
        Blocklist list = Read(
            "# a comment\n\n; another\n// and one\n1.0.0.0 - 1.0.0.255 , 128 , allowed\n1.0.1.0 - 1.0.1.255 , 127 , not\n");
        Assert.Empty(list.Errors);
        Assert.False(list.Ranges.Contains(IPAddress.Parse("1.0.0.1")));
        Assert.True(list.Ranges.Contains(IPAddress.Parse("1.0.1.1")));
    }

    [Fact]
    public void Bad_lines_are_named_by_their_numbers_and_cost_nothing_else()
    {
        string text = "1.2.3.4\nnonsense\n1.2.3.256\n1.2.3.0/33\n9.9.9.9-1.1.1.1\n" + new string('x', 5_000)
            + "\n1.0.0.0 - 1.0.0.9 , high , x\n1.2.3.4.5\nfe80::1%eth0\n5.6.7.8";
        Blocklist list = Read(text);
        Assert.Equal(8, list.BadLines);
        Assert.Equal(Enumerable.Range(2, 8).Select(line => $"line {line}"), list.Errors.Select(error => error.Split(':')[0]));
        Assert.Contains("longer than 4,096 bytes", list.Errors[4]);
        Assert.True(list.Ranges.Contains(IPAddress.Parse("1.2.3.4")));
        Assert.True(list.Ranges.Contains(IPAddress.Parse("5.6.7.8")));
        Assert.Equal(2, list.Ranges.Count);

        Blocklist many = Read(string.Concat(Enumerable.Repeat("bad\n", 1_000)));
        Assert.Equal(1_000, many.BadLines);
        Assert.Equal(FilterLimits.MaxNamedErrors, many.Errors.Length);
    }

    [Fact]
    public void It_does_not_matter_how_the_bytes_are_divided()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("1.0.0.0/8\nname:2.0.0.0-2.0.0.9\n\n3.0.0.1 - 3.0.0.2 , 9 , x\nbad\n4.4.4.4");
        for (int portion = 1; portion < bytes.Length; portion++)
        {
            BlocklistReader reader = new();
            foreach (byte[] chunk in bytes.Chunk(portion))
                reader.Feed(chunk);
            Blocklist list = reader.Finish();
            Assert.Equal(3, list.Ranges.Count);
            Assert.Equal(["line 5: no address, block or range of addresses"], list.Errors);
        }
    }

    [Fact]
    public void Ranges_that_overlap_or_touch_are_merged_in_any_order_and_hold_what_each_held()
    {
        Random random = new(3);
        (uint First, uint Last)[] ranges = [.. Enumerable.Range(0, 400).Select(_ =>
        {
            uint first = (uint)random.Next(20_000);
            return (first, first + (uint)random.Next(30));
        })];
        AddressRangesBuilder builder = new();
        foreach ((uint first, uint last) in ranges)
            builder.Add(new AddressRange(first, last, IsV6: false));
        builder.Add(new AddressRange(uint.MaxValue - 1, uint.MaxValue, IsV6: false));
        builder.Add(new AddressRange(uint.MaxValue, uint.MaxValue, IsV6: false));
        AddressRanges merged = builder.Build();
        Assert.InRange(merged.Count, 100, 350);
        for (uint address = 0; address < 20_100; address++)
            Assert.Equal(ranges.Any(range => address >= range.First && address <= range.Last), merged.Contains(address));
        Assert.True(merged.Contains(uint.MaxValue));
        Assert.False(merged.Contains(uint.MaxValue - 2));
    }

    [Fact]
    public void Half_a_million_ranges_take_eight_bytes_each_and_are_found()
    {
        const int Count = 500_000;
        StringBuilder text = new();
        for (int i = 0; i < Count; i++)
            text.Append(i >> 16).Append('.').Append((i >> 8) & 255).Append('.').Append(i & 255).Append(".1/32\n");
        byte[] bytes = Encoding.ASCII.GetBytes(text.ToString());
        BlocklistReader reader = new();
        reader.Feed(bytes);
        Blocklist list = reader.Finish();
        Assert.Equal(Count, list.Ranges.Count);
        Assert.True(list.Ranges.Contains(IPAddress.Parse("7.161.31.1")));
        Assert.False(list.Ranges.Contains(IPAddress.Parse("7.161.31.2")));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(list.Ranges.Contains(0x00000001u));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static Blocklist Read(string text)
    {
        BlocklistReader reader = new();
        reader.Feed(Encoding.UTF8.GetBytes(text));
        return reader.Finish();
    }
}
