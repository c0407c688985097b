using Freshet.Core.Torrents;
using Freshet.FileSystem;
using Freshet.Running;

namespace Freshet.Tests.Running;

public class TranslationTests
{
    [Fact]
    public void Every_kind_of_storage_error_has_a_reason_of_its_own()
    {
        // NameTaken occurs when a file is renamed; that is refused, and no torrent waits for it.
        IEnumerable<StorageErrorKind> kinds = Enum.GetValues<StorageErrorKind>().Where(kind => kind != StorageErrorKind.NameTaken);
        TorrentReason[] reasons = [.. kinds.Select(Translation.ToReason)];
        Assert.Equal(reasons.Length, reasons.Distinct().Count());
        Assert.DoesNotContain(TorrentReason.None, reasons);
    }
}
