using System.Text;
using Freshet.Core.Metainfo;

namespace Freshet.Disk.Creation;

/// <summary>
/// Finds the files of a new torrent, in an order that depends on their names alone, so that the same folder gives the same info-hash
/// everywhere. Links are followed. Entries that a torrent cannot hold are reported in <see cref="Warnings"/>; a file that only its name
/// keeps out is an error, since leaving it out is rarely wanted.
/// </summary>
internal sealed class FileListing
{
    private readonly List<ListedFile> _files = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _unnamed = [];

    private readonly Predicate<string>? _allowsLink;

    private FileListing(Predicate<string>? allowsLink) => _allowsLink = allowsLink;

    /// <summary>The files, ordered by the characters of their paths, element by element.</summary>
    public IReadOnlyList<ListedFile> Files => _files;

    /// <summary>What was left out, and why.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <param name="path">The file or folder.</param>
    /// <param name="allowsLink">Called with the target of each link; null allows all.</param>
    /// <exception cref="FreshetException">There are no files, or something there cannot be in a torrent.</exception>
    public static FileListing Find(string path, Predicate<string>? allowsLink)
    {
        FileListing found = new(allowsLink);
        FileInfo file = new(path);
        if (file.Exists)
            found._files.Add(Describe(file, ""));
        else if (Directory.Exists(path))
            found.Walk(Path.GetFullPath(path));
        else
            throw new FreshetException(FreshetError.Storage, $"There is no file or folder {path}.");
        found.RequireNames();
        if (found._files.Count == 0)
            throw new FreshetException(FreshetError.Storage, $"There is no file in {path}. A torrent needs at least one.");
        return found;
    }

    private void Walk(string root)
    {
        Stack<Folder> waiting = new([new Folder(root, "", null)]);
        while (waiting.TryPop(out Folder? folder))
        {
            int entries = 0;
            foreach (FileSystemInfo entry in new DirectoryInfo(folder.RealPath).EnumerateFileSystemInfos("*", All))
            {
                entries++;
                string path = folder.Path.Length == 0 ? entry.Name : $"{folder.Path}/{entry.Name}";
                Add(entry, path, folder, waiting);
            }

            if (entries == 0)
                _warnings.Add($"The folder {folder.RealPath} is empty and is left out: torrents hold files only.");
        }

        Sort();
    }

    private void Add(FileSystemInfo entry, string path, Folder parent, Stack<Folder> waiting)
    {
        FileSystemInfo target = entry.LinkTarget is null ? entry : entry.ResolveLinkTarget(returnFinalTarget: true) ?? entry;
        if (entry.LinkTarget is not null && _allowsLink?.Invoke(target.FullName) == false)
            throw new FreshetException(FreshetError.Storage, $"{entry.FullName} links to {target.FullName}, which may not be read.");
        if (!target.Exists)
        {
            AddMissing(entry);
        }
        else if (target is FileInfo file)
        {
            if (_files.Count == MetainfoBuilder.MaxFiles)
                throw new FreshetException($"There are more than {MetainfoBuilder.MaxFiles:N0} files, the most that a torrent may have.");
            _files.Add(Describe(file, path));
        }
        else if (parent.IsWithin(target.FullName))
        {
            throw new FreshetException(
                $"{entry.FullName} links to {target.FullName}, a folder that it lies in: the torrent would have no end. "
                + "Remove the link, or make the torrent of a folder without it.");
        }
        else
        {
            waiting.Push(new Folder(target.FullName, path, parent));
        }
    }

    private void AddMissing(FileSystemInfo entry)
    {
        // .NET substitutes U+FFFD where a name is not UTF-8, and cannot open a file with such a name.
        if (entry.LinkTarget is null && entry.Name.Contains('\uFFFD', StringComparison.Ordinal))
            _unnamed.Add(entry.FullName);
        else if (entry.LinkTarget is null)
            _warnings.Add($"{entry.FullName} is left out: it was deleted while the folder was read.");
        else
            _warnings.Add($"{entry.FullName} is left out: it is a link to {entry.LinkTarget}, which is not there.");
    }

    private void RequireNames()
    {
        if (_unnamed.Count == 0)
            return;
        string what = _unnamed.Count == 1 ? $"The name of {_unnamed[0]} is" : $"{_unnamed.Count:N0} names are";
        string example = _unnamed.Count == 1 ? "" : $", {_unnamed[0]} for one";
        throw new FreshetException(
            $"{what} not valid UTF-8{example}. A torrent's names are UTF-8. "
            + "Rename it, or all of them at once if you know their encoding: convmv -f latin1 -t utf8 -r --notest FOLDER");
    }

    private static ListedFile Describe(FileInfo file, string path)
    {
        bool executable = !OperatingSystem.IsWindows() && (file.UnixFileMode & UnixFileMode.UserExecute) != 0;
        return new ListedFile(file.FullName, path, file.Length, executable);
    }

    /// <summary>Sorts as <see cref="Core.Metainfo.MetainfoFile.InOrder"/> does: by the bytes of paths, element by element.</summary>
    private void Sort()
    {
        ListedFile[] sorted = [.. _files];
        byte[][] keys = Array.ConvertAll(sorted, file => Encoding.UTF8.GetBytes(file.Path.Replace('/', '\0')));
        Array.Sort(keys, sorted, Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)));
        _files.Clear();
        _files.AddRange(sorted);
    }

    // The defaults leave out hidden files, and silently skip what cannot be read.
    private static EnumerationOptions All =>
        new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, RecurseSubdirectories = false };

    /// <summary>A folder to look into: its real path, its path in the torrent, and the folders through which it was reached.</summary>
    private sealed record Folder(string RealPath, string Path, Folder? Parent)
    {
        public bool IsWithin(string realPath)
        {
            string wanted = System.IO.Path.TrimEndingDirectorySeparator(realPath);
            for (Folder? folder = this; folder is not null; folder = folder.Parent)
            {
                if (System.IO.Path.TrimEndingDirectorySeparator(folder.RealPath) == wanted)
                    return true;
            }

            return false;
        }
    }
}
