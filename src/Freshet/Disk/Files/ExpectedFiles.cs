using Freshet.Core.Metainfo;
using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>
/// The files that a run has found or created. None of them is created again during the run, and each must remain the file that was written:
/// if one disappears, its disk may be gone.
/// </summary>
internal sealed class ExpectedFiles(int fileCount, FileTree tree)
{
    // The part file comes last.
    private readonly bool[] _isExpected = new bool[fileCount + 1];
    private volatile bool _any;
    private volatile int _last;
    private volatile StorageError? _replaced;

    /// <summary>The first file found not to be the one that was written; null if there is none.</summary>
    public StorageError? Replaced => _replaced;

    public bool Contains(int fileIndex) => _isExpected[fileIndex];

    /// <summary>Begins a run with the existing files.</summary>
    /// <param name="stamps">The stamp of each file.</param>
    /// <param name="hasPartFile">Whether the part file exists.</param>
    public void Begin(FileStamp[] stamps, bool hasPartFile)
    {
        for (int i = 0; i < stamps.Length; i++)
            _isExpected[i] = stamps[i].Exists;
        _isExpected[^1] = hasPartFile;
        _last = Math.Max(0, Array.IndexOf(_isExpected, true));
        _any = _last < _isExpected.Length && _isExpected[_last];
        _replaced = null;
    }

    /// <summary>A file was created, or opened for writing.</summary>
    public void Add(int fileIndex)
    {
        _isExpected[fileIndex] = _any = true;
        _last = fileIndex;
    }

    /// <summary>A file was deleted because it is no longer needed.</summary>
    public void Remove(int fileIndex) => _isExpected[fileIndex] = false;

    /// <summary>A file is about to be created beside others. Throws if their folder has disappeared.</summary>
    /// <exception cref="IOException">The folder has disappeared.</exception>
    public void RequireFolderFor(TorrentFile file)
    {
        if (!_isExpected[file.Index] && _any)
            tree.RequireTop(IsTopExpected(file) ? tree.TopOf(file).ToString() : "");
    }

    /// <summary>Why the data written to a file can no longer be found at its path; null if it can.</summary>
    /// <param name="fileIndex">The file's index.</param>
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

        // Some file systems make up inode numbers. There, a file that looks the same in every way counts as the same.
        FileEntry written = open.Stat();
        bool isSame = lies.Id == written.Id || (lies with { Id = null }) == (written with { Id = null });
        return isSame ? null : _replaced = StorageError.Replaced(PathOf(file));
    }

    /// <summary>
    /// Whether an existing file lies in the same top folder. If no file was renamed, all of them do, so the first look decides.
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
