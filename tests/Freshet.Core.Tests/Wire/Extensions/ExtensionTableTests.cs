using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Wire.Extensions;

public class ExtensionTableTests
{
    private static readonly ExtensionRow Metadata = new("ut_metadata", 1, 20_000, ExtensionScope.UnlessPrivate);
    private static readonly ExtensionRow Exchange = new("ut_pex", 2, 5_000, ExtensionScope.PublicOnly);

    private static readonly ExtensionRow Lost = new("lt_donthave", 3, 4, ExtensionScope.All);

    [Theory]
    [InlineData(false, "ut_metadata ut_pex lt_donthave")]
    [InlineData(null, "ut_metadata lt_donthave")]
    [InlineData(true, "lt_donthave")]
    public void A_torrent_has_only_the_extensions_that_apply_to_it(bool? isPrivate, string names)
    {
        ExtensionTable table = ExtensionTable.Of([Metadata, Exchange, Lost], isPrivate);
        Assert.Equal(names, string.Join(' ', table.Offered.Select(row => row.Name)));
        Assert.Equal(isPrivate == false, table.Takes(2, 1));
        Assert.Equal(isPrivate == false, table.Find(2) is not null);
    }

    [Fact]
    public void Numbers_that_are_in_no_row_are_not_accepted()
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
    [InlineData("other", 3, WireLimits.MaxExtensionMessageLength + 1)]
    public void An_inconsistent_table_is_refused(string name, byte number, int length) =>
        Assert.Throws<ArgumentException>(
            () => ExtensionTable.Of([Metadata, new ExtensionRow(name, number, length, ExtensionScope.All)], isPrivate: false));
}
