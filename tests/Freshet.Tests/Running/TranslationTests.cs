using Freshet.Core.Torrents;
using Freshet.FileSystem;
using Freshet.Running;

namespace Freshet.Tests.Running;

public class TranslationTests
{
    [Fact]
    public void Every_kind_of_storage_error_has_a_reason_of_its_own()
    {
        TorrentReason[] reasons = Array.ConvertAll(Enum.GetValues<StorageErrorKind>(), Translation.ToReason);
        Assert.Equal(reasons.Length, reasons.Distinct().Count());
        Assert.DoesNotContain(TorrentReason.None, reasons);
    }
}
