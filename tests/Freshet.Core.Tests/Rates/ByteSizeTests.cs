using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Rates;

public class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("512", 512)]
    [InlineData("512B", 512)]
    [InlineData("2MiB", 2 << 20)]
    [InlineData("2 mib", 2 << 20)]
    [InlineData("2M", 2 << 20)]
    [InlineData("1.5k", 1536)]
    [InlineData("500kB", 500_000)]
    [InlineData("1.5 GB", 1_500_000_000)]
    public void Sizes_are_read_with_their_units(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out ByteSize size));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("1 furlong")]
    [InlineData("1.2.3")]
    [InlineData("9999999999999 EiB")]
    public void Text_that_is_not_a_size_is_refused(string? text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData("500kB/s", 500_000)]
    [InlineData("2MiB", 2 << 20)]
    public void Rates_are_read_with_or_without_per_second(string text, long bytesPerSecond)
    {
        Assert.True(DataRate.TryParse(text, out DataRate rate));
        Assert.Equal(bytesPerSecond, rate.BytesPerSecond);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(12_900_000, "12.3 MiB")]
    [InlineData(long.MaxValue, "8 EiB")]
    public void Sizes_are_formatted_for_people(long bytes, string text) => Assert.Equal(text, new ByteSize(bytes).ToString());
}
