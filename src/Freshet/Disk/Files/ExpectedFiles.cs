using Freshet.Core.Metainfo;
using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>
/// The files that a run has found, or has made. None of them is made anew in it, and each must stay the file that was written: where one
/// goes, its disk may have gone.
/// </summary>
internal sealed class ExpectedFiles(int fileCount, FileTree tree)
{
    // The part file is the last.
    private readonly bool[] _isExpected = new bool[fileCount + 1];
    private volatile bool _any;
    private volatile int _last;
    private volatile StorageError? _replaced;

    /// <summary>The first file that was found not to be the one that was written; null if none was.</summary>
    public StorageError? Replaced => _replaced;

    public bool Contains(int fileIndex) => _isExpected[fileIndex];

    /// <summary>A run begins, with what is there now.</summary>
    /// <param name="stamps">What each file looks like.</param>
    /// <param name="hasPartFile">Whether the part file is there.</param>
    public void Begin(FileStamp[] stamps, bool hasPartFile)
    {
        for (int i = 0; i < stamps.Length; i++)
            _isExpected[i] = stamps[i].Exists;
        _isExpected[^1] = hasPartFile;
        _last = Math.Max(0, Array.IndexOf(_isExpected, true));
        _any = _last < _isExpected.Length && _isExpected[_last];
        _replaced = null;
    }

    /// <summary>A file was made, or opened to be written.</summary>
    public void Add(int fileIndex)
    {
        _isExpected[fileIndex] = _any = true;
        _last = fileIndex;
    }

    /// <summary>A file was deleted, since nobody needs it any more.</summary>
    public void Remove(int fileIndex) => _isExpected[fileIndex] = false;

    /// <summary>A file is to be made beside others. Throws if the folder has gone in which they are.</summary>
    /// <exception cref="IOException">It has.</exception>
    public void RequireFolderFor(TorrentFile file)
    {
        if (!_isExpected[file.Index] && _any)
            tree.RequireTop(IsTopExpected(file) ? tree.TopOf(file).ToString() : "");
    }

    /// <summary>Why what was written to a file cannot be found at its path any more; null if it can.</summary>
    /// <param name="fileIndex">Which.</param>
    /// <param name="open">The file that was written, if it is still open.</param>
    public StorageError? FindLoss(int fileIndex, IFile? open)
    {
        TorrentFile file = tree.FileAt(fileIndex);
        FileEntry lies = tree.Stat(file);
        if (!lies.Exists)
            return StorageError.Missing(PathOf(file));
        if (!lies.IsFile)
            return StorageError.Replaced(PathOf(file));
        if (open is null || lies.Id is null)
            return null;

        // Some file systems make numbers up. A file that looks the same in every way is the same there.
        FileEntry written = open.Stat();
        bool isSame = lies.Id == written.Id || (lies with { Id = null }) == (written with { Id = null });
        return isSame ? null : _replaced = StorageError.Replaced(PathOf(file));
    }

    /// <summary>
    /// Whether a file that is there lies in the same top folder. Of a torrent whose files were not renamed all do, so the first look tells.
    /// </summary>
    private bool IsTopExpected(TorrentFile file)
    {
        ReadOnlySpan<char> top = tree.TopOf(file);
        if (top.SequenceEqual(tree.TopOf(tree.FileAt(_last))))
            return true;
        for (int i = 0; i < _isExpected.Length; i++)
        {
            if (_isExpected[i] && top.SequenceEqual(tree.TopOf(tree.FileAt(i))))
                return true;
        }

        return false;
    }

    private string PathOf(TorrentFile file) => tree.Names.PathOf(file).Full;
}
