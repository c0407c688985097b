using Freshet.Cli.Streaming;

namespace Freshet.Cli.Tests.Streaming;

/// <summary>The Range header of RFC 9110, section 14.</summary>
public class ByteRangeTests
{
    [Theory]
    [InlineData(null, 0, 1000, false)]
    [InlineData("", 0, 1000, false)]
    [InlineData("bytes=0-", 0, 1000, true)]
    [InlineData("bytes=0-0", 0, 1, true)]
    [InlineData("bytes=500-", 500, 500, true)]
    [InlineData("bytes=500-599", 500, 100, true)]
    [InlineData("bytes=500-5000", 500, 500, true)]
    [InlineData("bytes=-100", 900, 100, true)]
    [InlineData("bytes=-5000", 0, 1000, true)]
    [InlineData("bytes=0-5,5-6", 0, 1000, false)]
    [InlineData("bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16", 0, 1000, false)]
    [InlineData("bytes=5-6,2000-", 5, 2, true)]
    [InlineData("pieces=0-1", 0, 1000, false)]
    [InlineData("bytes=9-1", 0, 1000, false)]
    [InlineData("nonsense", 0, 1000, false)]
    public void A_range_is_what_the_header_says_within_the_file(string? header, long offset, long length, bool isPart) =>
        Assert.Equal([new ByteRange(offset, length, isPart)], ByteRange.AllOf(header, 1000));

    [Theory]
    [InlineData("bytes=1000-", 1000)]
    [InlineData("bytes=5000-6000", 1000)]
    [InlineData("bytes=-0", 1000)]
    [InlineData("bytes=0-", 0)]
    [InlineData("bytes=-1", 0)]
    public void A_range_that_the_file_does_not_have_is_none(string header, long fileLength) =>
        Assert.Empty(ByteRange.AllOf(header, fileLength));

    [Fact]
    public void Several_ranges_are_read_in_the_order_of_the_request() => Assert.Equal(
        [new ByteRange(500, 10, true), new ByteRange(990, 10, true), new ByteRange(0, 1, true)],
        ByteRange.AllOf("bytes=500-509, -10, 0-0", 1000));
}
