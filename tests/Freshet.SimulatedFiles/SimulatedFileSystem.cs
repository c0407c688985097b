using System.Collections.Immutable;
using Freshet.FileSystem;

namespace Freshet.SimulatedFiles;

/// <summary>
/// A file system in memory with the interface of the real one. It counts every call, keeps the disk as it was at each call if asked to, and
/// can make any call fail: by a rule, because the disk is full, because a flush fails or lies, or because the power is cut. Thread-safe.
/// </summary>
internal sealed class SimulatedFileSystem : IFileSystem
{
    private const int MaxWait = 30_000;

    private readonly Lock _lock = new();
    private readonly HashSet<int> _locked = [];
    private readonly List<DiskImage> _history = [];
    private DiskImage _image;
    private DateTime _time;
    private int _calls;
    private bool _isOff;

    public SimulatedFileSystem(DiskImage? image = null)
    {
        _image = image ?? DiskImage.Empty;
        _time = _image.Files.Values.Select(file => file.Now.LastWriteUtc).Append(new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc)).Max();
    }

    /// <summary>The error number that a call fails with; null to let the call succeed. It is asked before anything is changed.</summary>
    public Func<FileCall, int?>? Fails { get; set; }

    /// <summary>Whether flushes report success but do nothing.</summary>
    public bool FlushesLie { get; set; }

    /// <summary>The maximum number of bytes that all files together may take, not counting holes.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Folders where other file systems are mounted.</summary>
    public string[] Mounts { get; set; } = [];

    /// <summary>While this is set, calls for which it returns true wait, as on a mount that hangs.</summary>
    public (Func<FileCall, bool> Meant, ManualResetEventSlim End)? Hang { get; set; }

    /// <summary>
    /// Whether the disk is kept as it was before and after each change, and in the middle of writes that span several pages.
    /// </summary>
    public bool KeepsHistory { get; set; }

    /// <summary>The number of the call, counted from 1, before which the power is cut. Every later call fails.</summary>
    public int PowerOffAt { get; set; } = int.MaxValue;

    /// <summary>The number of calls so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The current state of the disk.</summary>
    public DiskImage Image
    {
        get
        {
            lock (_lock)
                return _image;
        }
    }

    /// <summary>
    /// The disk at each moment at which it changed since <see cref="KeepsHistory"/> was set; the last one is the current state.
    /// </summary>
    public IReadOnlyList<DiskImage> History
    {
        get
        {
            lock (_lock)
                return [.. _history];
        }
    }

    /// <summary>The number of moments in <see cref="History"/>.</summary>
    public int Moments
    {
        get
        {
            lock (_lock)
                return _history.Count;
        }
    }

    /// <summary>Starts another run of the machine on what this one has left. From now on the calls of this one fail.</summary>
    public SimulatedFileSystem Restart(Ending ending, Random random)
    {
        lock (_lock)
        {
            _isOff = true;
            return new SimulatedFileSystem(_image.After(ending, random));
        }
    }

    /// <summary>Everything that a file holds, or null if there is no such file. For tests: it is not counted and never fails.</summary>
    public byte[]? ReadAll(string path)
    {
        lock (_lock)
        {
            if (_image.Names.GetValueOrDefault(path) is not { Kind: FileKind.File } entry)
                return null;
            FileContent content = _image.Files[entry.Number].Now;
            byte[] bytes = new byte[content.Length];
            content.Read(0, bytes);
            return bytes;
        }
    }

    /// <summary>Replaces whatever lies at a path, as another program would; null removes it.</summary>
    public void Put(string path, NamedEntry? entry)
    {
        lock (_lock)
            PutName(new NameChange(Path.GetDirectoryName(path)!, [(path, entry)]));
    }

    /// <summary>Has another program rewrite a file and make it durable.</summary>
    /// <param name="path">The file, in a folder that exists.</param>
    /// <param name="content">The new content.</param>
    /// <param name="lastWriteUtc">The time of the last write that the file then shows; now if it is null.</param>
    public void Put(string path, byte[] content, DateTime? lastWriteUtc = null)
    {
        lock (_lock)
        {
            int number = _image.LastNumber + 1;
            DateTime time = lastWriteUtc ?? NextTime();
            FileImage file = FileImage.Empty;
            for (int at = 0; at < content.Length; at += FileContent.PageLength)
            {
                byte[] page = new byte[FileContent.PageLength];
                content.AsSpan(at, Math.Min(page.Length, content.Length - at)).CopyTo(page);
                file = file.Apply(new FileChange(at / page.Length, page, Math.Min(content.Length, at + page.Length), time));
            }

            Change(_image.WithFile(number, file.Flush()) with { LastNumber = number });
            PutName(new NameChange(Path.GetDirectoryName(path)!, [(path, new NamedEntry(FileKind.File, number))]));
        }
    }

    public IFile Open(FilePath path, FileOpening how)
    {
        bool creates = how is not (FileOpening.Read or FileOpening.Write);
        return Run(new FileCall(FileOperation.Open, path.Full, 0, 0, how != FileOpening.Read), () =>
        {
            NamedEntry? entry = Find(path);
            if (entry is null && creates)
            {
                Require(path.Parent, FileKind.Folder);
                entry = new NamedEntry(FileKind.File, _image.LastNumber + 1);
                FileImage file =
                    FileImage.Empty with { IsPrivate = how is FileOpening.CreatePrivate or FileOpening.Lock or FileOpening.LockShared };
                DiskImage named = _image.Apply(new NameChange(path.Parent.Full, [(path.Full, entry)]));
                Change(named.WithFile(entry.Number, file) with { LastNumber = entry.Number });
            }

            NamedEntry found = entry ?? throw Error(Errno.NotFound, path.Full);
            if (found.Kind == FileKind.Link)
                throw new UnsafePathException(path.Full);
            if (found.Kind != FileKind.File)
                throw Error(Errno.IsAFolder, path.Full);
            bool isLocked = how is FileOpening.Lock or FileOpening.LockForAll;
            if (isLocked && !_locked.Add(found.Number))
                throw Error(Errno.WouldBlock, path.Full);
            return new SimulatedFile(this, found.Number, path.Full, isLocked);
        });
    }

    public FileEntry Stat(FilePath path) => Run(new FileCall(FileOperation.Stat, path.Full, 0, 0, false), () => Find(path) switch
    {
        null => default,
        { Kind: FileKind.File } entry => EntryOf(entry.Number),
        { } entry => new FileEntry(entry.Kind, 0, DateTime.UnixEpoch, (1, (ulong)path.Full.GetHashCode(StringComparison.Ordinal))),
    });

    public bool CreateFolder(FilePath path, bool isPrivate = false) =>
        Run(new FileCall(FileOperation.CreateFolder, path.Full, 0, 0, true), () =>
        {
            if (Find(path) is { } entry)
                return entry.Kind == FileKind.Folder ? false : throw Error(Errno.Exists, path.Full);
            Name(path, new NamedEntry(FileKind.Folder));
            return true;
        });

    public void CreateLink(FilePath path, string target) => Run(new FileCall(FileOperation.CreateLink, path.Full, 0, 0, true), () =>
    {
        if (Find(path) is not null)
            throw Error(Errno.Exists, path.Full);
        Name(path, new NamedEntry(FileKind.Link, 0, target));
        return true;
    });

    public void Link(FilePath file, FilePath name) => Run(new FileCall(FileOperation.CreateLink, name.Full, 0, 0, true), () =>
    {
        NamedEntry entry = Find(file) ?? throw Error(Errno.NotFound, file.Full);
        if (Find(name) is not null)
            throw Error(Errno.Exists, name.Full);
        Name(name, entry);
        return true;
    });

    public void Rename(FilePath from, FilePath to) => Run(new FileCall(FileOperation.Rename, from.Full, 0, 0, true), () =>
    {
        NamedEntry entry = Find(from) ?? throw Error(Errno.NotFound, from.Full);
        Require(to.Parent, FileKind.Folder);
        Change(_image.Apply(new NameChange(to.Parent.Full, [(from.Full, null), (to.Full, entry)])));
        return true;
    });

    public void Move(FilePath from, FilePath to) => Run(new FileCall(FileOperation.Rename, from.Full, 0, 0, true), () =>
    {
        NamedEntry entry = Find(from) ?? throw Error(Errno.NotFound, from.Full);
        Require(to.Parent, FileKind.Folder);
        if (Find(to) is not null)
            throw Error(Errno.Exists, to.Full);
        if (MountOf(from.Full) != MountOf(to.Full))
            throw Error(Errno.CrossDevice, from.Full);
        Change(_image.Apply(new NameChange(to.Parent.Full, [(from.Full, null), (to.Full, entry)])));
        return true;
    });

    public void Delete(FilePath path) => Run(new FileCall(FileOperation.Delete, path.Full, 0, 0, true), () =>
    {
        if (Find(path) is { } entry)
            Name(path, entry.Kind == FileKind.Folder ? throw Error(Errno.IsAFolder, path.Full) : null);
        return true;
    });

    public bool TryDeleteFolder(FilePath path) => Run(new FileCall(FileOperation.DeleteFolder, path.Full, 0, 0, true), () =>
    {
        if (Find(path) is not { Kind: FileKind.Folder }
            || _image.Names.Keys.Any(name => name.StartsWith(path.Full + "/", StringComparison.Ordinal)))
            return false;
        Name(path, null);
        return true;
    });

    public IReadOnlyList<string> List(FilePath folder) => Run<IReadOnlyList<string>>(
        new FileCall(FileOperation.List, folder.Full, 0, 0, false),
        () => [.. _image.Names.Keys.Where(name => Path.GetDirectoryName(name) == folder.Full).Select(name => Path.GetFileName(name))]);

    public void FlushFolder(FilePath folder) => Run(new FileCall(FileOperation.FlushFolder, folder.Full, 0, 0, true), () =>
    {
        Require(folder, FileKind.Folder);
        if (!FlushesLie)
            Change(_image.FlushFolder(folder.Full));
        return true;
    });

    /// <summary>Makes a call, unless a rule says otherwise.</summary>
    internal T Run<T>(FileCall call, Func<T> action)
    {
        if (Hang is { } hang && hang.Meant(call) && !hang.End.Wait(MaxWait))
            throw Error(Errno.InputOutput, call.Path);
        lock (_lock)
        {
            int number = ++_calls;
            _isOff |= number >= PowerOffAt;
            if (_isOff)
                throw new IOException("The power is off.", Errno.InputOutput);
            if (Fails?.Invoke(call) is { } error)
            {
                if (call.Operation == FileOperation.Flush && _image.Names.GetValueOrDefault(call.Path) is { Kind: FileKind.File } entry)
                    Change(_image.WithFile(entry.Number, _image.Files[entry.Number].LosePending()));
                throw Error(error, call.Path);
            }

            return action();
        }
    }

    internal FileImage FileOf(int number) => _image.Files[number];

    internal FileEntry EntryOf(int number) =>
        new(FileKind.File, _image.Files[number].Now.Length, _image.Files[number].Now.LastWriteUtc, (1, (ulong)number));

    internal void ChangeFile(int number, FileImage file) => Change(_image.WithFile(number, file));

    internal DateTime NextTime() => _time = _time.AddMilliseconds(1);

    internal bool HasRoom(int pages) =>
        Capacity == long.MaxValue
            || _image.Files.Values.Sum(file => (long)file.Now.Pages.Count + pages) * FileContent.PageLength <= Capacity;

    internal void Unlock(int number)
    {
        lock (_lock)
            _locked.Remove(number);
    }

    private string? MountOf(string path) => Mounts.FirstOrDefault(mount => path.StartsWith(mount + "/", StringComparison.Ordinal));

    private static IOException Error(int number, string path) => Errno.ToException(number, path);

    private void Change(DiskImage image)
    {
        _image = image;
        if (KeepsHistory)
            _history.Add(image);
    }

    private void PutName(NameChange change) =>
        Change(_image with { Names = change.ApplyTo(_image.Names), DurableNames = change.ApplyTo(_image.DurableNames) });

    private void Name(FilePath path, NamedEntry? entry)
    {
        Require(path.Parent, FileKind.Folder);
        Change(_image.Apply(new NameChange(path.Parent.Full, [(path.Full, entry)])));
    }

    private void Require(FilePath path, FileKind kind)
    {
        if (Find(path)?.Kind != kind)
            throw Error(Errno.NotFound, path.Full);
    }

    /// <summary>What a path names; a link along the path is not followed.</summary>
    private NamedEntry? Find(FilePath path)
    {
        string full = path.Name == "." ? path.Root : path.Full;
        for (int end = full.IndexOf('/', 1); end > 0; end = full.IndexOf('/', end + 1))
        {
            if (_image.Names.GetValueOrDefault(full[..end]) is { Kind: FileKind.Link } && end > path.Root.Length)
                throw new UnsafePathException(full);
        }

        return _image.Names.GetValueOrDefault(full);
    }
}
