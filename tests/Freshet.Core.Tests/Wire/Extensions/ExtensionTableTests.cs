using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Wire.Extensions;

public class ExtensionTableTests
{
    private static readonly ExtensionRow Metadata = new("ut_metadata", 1, 20_000, IsForPrivate: true);
    private static readonly ExtensionRow Exchange = new("ut_pex", 2, 5_000, IsForPrivate: false);

    [Fact]
    public void Private_torrents_have_only_what_is_for_them()
    {
        Assert.Equal(["ut_metadata", "ut_pex"], ExtensionTable.Of([Metadata, Exchange], isPrivate: false).Offered.Select(row => row.Name));
        ExtensionTable table = ExtensionTable.Of([Metadata, Exchange], isPrivate: true);
        Assert.Equal([new PeerExtension("ut_metadata", 1)], table.Offered);
        Assert.False(table.Takes(2, 1));
        Assert.Null(table.Find(2));
    }

    [Fact]
    public void What_is_in_no_row_is_not_taken()
    {
        ExtensionTable table = ExtensionTable.Of([Metadata], isPrivate: false);
        Assert.True(table.Takes(1, 20_000));
        Assert.False(table.Takes(1, 20_001));
        Assert.False(table.Takes(3, 0));
        Assert.True(ExtensionTable.Empty.Takes(0, 10));
    }

    [Theory]
    [InlineData("ut_metadata", 3, 1)]
    [InlineData("other", 1, 1)]
    [InlineData("other", 0, 1)]
    [InlineData("other", 3, Limits.MaxExtensionMessageLength + 1)]
    public void A_table_that_makes_no_sense_is_refused(string name, byte number, int length) =>
        Assert.Throws<ArgumentException>(
            () => ExtensionTable.Of([Metadata, new ExtensionRow(name, number, length, true)], isPrivate: false));
}
