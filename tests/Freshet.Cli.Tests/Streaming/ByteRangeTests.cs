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
    [InlineData("bytes=0-1,5-6", 0, 1000, false)]
    [InlineData("pieces=0-1", 0, 1000, false)]
    [InlineData("bytes=9-1", 0, 1000, false)]
    [InlineData("nonsense", 0, 1000, false)]
    public void A_range_is_what_the_header_says_within_the_file(string? header, long offset, long length, bool isPart) =>
        Assert.Equal(new ByteRange(offset, length, isPart), ByteRange.Of(header, 1000));

    [Theory]
    [InlineData("bytes=1000-", 1000)]
    [InlineData("bytes=5000-6000", 1000)]
    [InlineData("bytes=-0", 1000)]
    [InlineData("bytes=0-", 0)]
    [InlineData("bytes=-1", 0)]
    public void A_range_that_the_file_does_not_have_is_none(string header, long fileLength) =>
        Assert.Null(ByteRange.Of(header, fileLength));
}
