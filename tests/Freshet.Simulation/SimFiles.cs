using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.Running;
using Freshet.SimulatedFiles;

namespace Freshet.Simulation;

/// <summary>
/// A peer's files and its memory of them: the engine's own <see cref="FileStorage"/>, <see cref="StateFolder"/> and
/// <see cref="TorrentMemory"/>, with its plans and evidence, on a simulated file system.
/// </summary>
internal sealed class SimFiles
{
    private const string Folder = "/data";
    private const string State = "/state";
    private static readonly Ending[] PowerCuts = [Ending.NothingSurvives, Ending.NamesSurvive, Ending.DataSurvives, Ending.Torn];

    private readonly SimContent _content;
    // What a run has open; nothing of it needs an end, since the machine's is simulated too.
    private (FileStorage Storage, StateFolder State, TorrentMemory Memory) _run;
    private readonly Func<Action, Task> _runLater;
    private bool _isStarting;
    private bool _flushesLie;
    private bool _haveFlushesLied;

    /// <param name="content">The torrent.</param>
    /// <param name="runLater">Makes a call of the state folder in its turn.</param>
    public SimFiles(SimContent content, Func<Action, Task> runLater)
    {
        _content = content;
        _runLater = runLater;
        LastRecorded = new Bitfield(content.Layout.PieceCount);
        Mount(new SimulatedFileSystem());
    }

    public SimulatedFileSystem System { get; private set; } = null!;

    /// <summary>What is recorded.</summary>
    public TorrentMemory Memory => _run.Memory;

    /// <summary>Whether there is no space: writing data fails.</summary>
    public bool IsFull { get; set; }

    /// <summary>Whether no data can be read.</summary>
    public bool CannotRead { get; set; }

    /// <summary>Whether data cannot be made durable, and what was to be is given up.</summary>
    public bool CannotFlush { get; set; }

    /// <summary>Whether nothing can be written to the state folder.</summary>
    public bool CannotRecord { get; set; }

    /// <summary>Whether flushes, of data and of records, say that all is well and do nothing.</summary>
    public bool FlushesLie
    {
        get => _flushesLie;
        set
        {
            System.FlushesLie = _flushesLie = value;
            _haveFlushesLied |= value;
        }
    }

    /// <summary>Whether the power went after flushes had lied, and what is left was not checked since.</summary>
    public bool IsInDoubt { get; private set; }

    /// <summary>The pieces of the last record whose saving came to its end: they must be there whatever happens.</summary>
    public Bitfield LastRecorded { get; private set; }

    /// <summary>Whether the power went in the middle of a call.</summary>
    public bool IsOff => System.Calls >= System.PowerOffAt;

    /// <summary>The process ends, or the machine; another begins on what is left.</summary>
    public void Restart(bool powerFails, Random random)
    {
        IsInDoubt |= powerFails && _haveFlushesLied;
        bool isLieLeft = !powerFails && _haveFlushesLied;
        Mount(System.Restart(powerFails ? PowerCuts[random.Next(PowerCuts.Length)] : Ending.Kill, random));
        _haveFlushesLied |= isLieLeft;
    }

    /// <summary>What to begin with, as the record and the files say.</summary>
    /// <param name="data">The data, by the disk's queue.</param>
    /// <param name="resume">Whether to trust the record at all.</param>
    public StartingPoint Begin(IRecordedData data, bool resume)
    {
        IsInDoubt &= resume;
        ResumePlan plan = _run.Memory.Plan(data, new TorrentOptions(), resume);

        // Files that a record vouches for are gone: then a user starts without it.
        if (plan is ResumePlan.Refuse && IsInDoubt)
            return Begin(data, resume: false);
        if (plan is not ResumePlan.Go go)
            throw new SimFailureException($"a start is refused: {((ResumePlan.Refuse)plan).Reason}");
        _isStarting = true;
        Now(_run.Memory.NoteFoundAsync(CancellationToken.None));
        if (!go.Have.IsFull)
            Now(_run.Memory.BeginAsync(go));
        _isStarting = false;
        if (_run.Memory.Record.Data is { } recorded)
            LastRecorded = recorded.Have.Clone();
        _run.Storage.Prepare();
        return new StartingPoint(go.Have.Clone(), [.. go.Partial], go.Check);
    }

    /// <summary>A save has come to its end.</summary>
    public void NoteRecorded() => LastRecorded = Memory.Record.Data!.Have.Clone();

    /// <summary>The files at the start of a run, which are expected to stay.</summary>
    public (ImmutableArray<FileStamp> Stamps, StorageError? Obstacle) Survey()
    {
        _ = _run.Storage.TakeFlushed();
        (FileStamp[] stamps, StorageError? obstacle) = _run.Storage.Survey(ImmutableHashSet<int>.Empty);
        _run.Storage.Expect(stamps);
        return ([.. stamps], obstacle);
    }

    /// <summary>A file that is no longer where it was written; null if there is none.</summary>
    public StorageError? FindLoss() => _run.Storage.FindLoss();

    public void DoubtFiles() => _run.Storage.DoubtExpected();

    public ImmutableArray<FileStamp> Look() => [.. _run.Storage.GetStamps()];

    public ImmutableArray<FileStamp> CloseAndLook()
    {
        _run.Storage.Close();
        return Look();
    }

    /// <summary>Makes data durable; why that failed, null if it did not.</summary>
    public StorageError? Flush() => _run.Storage.Flush();

    public IReadOnlyCollection<int> TakeFlushed() => _run.Storage.TakeFlushed();

    public StorageError? Write(BlockRange range, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        return WithPinned(copy, buffer => _run.Storage.Write(OffsetOf(range), buffer));
    }

    public StorageError? Read(BlockRange range, out byte[] bytes)
    {
        byte[] read = bytes = new byte[range.Length];
        return WithPinned(read, buffer => _run.Storage.Read(OffsetOf(range), buffer));
    }

    /// <summary>A check has found a piece to be good.</summary>
    public void OnFoundGood(PieceIndex piece) =>
        _run.Storage.OnFoundGood(_content.Layout.OffsetOf(piece), _content.Layout.LengthOf(piece));

    /// <summary>A piece as programs see it, whatever the disk's trouble.</summary>
    public byte[] Peek(PieceIndex piece)
    {
        byte[] bytes = new byte[_content.Layout.LengthOf(piece)];
        DiskImage image = System.Image;
        int filled = 0;
        foreach (FileSlice slice in _content.Layout.SlicesOf(_content.Layout.OffsetOf(piece), bytes.Length))
        {
            if (image.Names.GetValueOrDefault(PathOf(slice.FileIndex)) is { Kind: FileKind.File } entry)
                image.Files[entry.Number].Now.Read(slice.Offset, bytes.AsSpan(filled, slice.Length));
            filled += slice.Length;
        }

        return bytes;
    }

    /// <summary>Puts files there, durable, as another program would: by their content all together.</summary>
    public void Put(byte[] all)
    {
        foreach (string folder in (string[])[Folder, Folder + "/sample"])
            System.Put(folder, new NamedEntry(FileKind.Folder));
        for (int file = 0; file < _content.Layout.FileCount; file++)
        {
            int offset = (int)_content.Layout.OffsetOfFile(file);
            System.Put(PathOf(file), all.AsSpan(offset, (int)_content.Layout.LengthOfFile(file)).ToArray());
        }
    }

    /// <summary>Records everything as there, as an earlier run did.</summary>
    public void RecordAll()
    {
        Bitfield all = new(_content.Layout.PieceCount);
        all.AddAll();
        _run.State.SaveResume(NewRecord() with
        {
            Data = new ResumeRecord { Have = all, Partial = [], Files = Look(), IsClean = true },
        });
        LastRecorded = all.Clone();
        _run.Memory = OpenMemory(_run.State);
    }

    private TorrentMemory OpenMemory(StateFolder state)
    {
        TorrentRecord record = state.LoadResume(_content.Metainfo).Record ?? NewRecord();
        SwarmIdentity identity = SwarmIdentity.Of(_content.Metainfo);
        return TorrentMemory.Restore(state, new RestoredTorrent(identity, record) { Metainfo = _content.Metainfo });
    }

    private TorrentRecord NewRecord() => new() { InfoHash = _content.Metainfo.SwarmHash, Folder = Folder };

    // What a start records is on disk before it goes on.
    private Task RunAsync(Action call)
    {
        if (!_isStarting)
            return _runLater(call);
        call();
        return Task.CompletedTask;
    }

    private static void Now(Task task)
    {
        if (!task.IsCompleted)
            throw new SimFailureException("a start waits for something that is not simulated");
        task.GetAwaiter().GetResult();
    }

    private static unsafe StorageError? WithPinned(byte[] bytes, Func<IoBuffer[], StorageError?> action)
    {
        fixed (byte* address = bytes)
            return action([new IoBuffer((nint)address, bytes.Length)]);
    }

    private void Mount(SimulatedFileSystem system)
    {
        System = system;
        system.Fails = FailureOf;
        system.FlushesLie = _haveFlushesLied = _flushesLie;
        FileStorageOptions options = new()
        {
            Folder = Folder,
            Files = _content.Metainfo.Files,
            Layout = _content.Layout,
            Handles = new FileHandles(),
            System = system,
        };
        StateFolder state = new(State, system, run: RunAsync);
        _run = (new FileStorage(options), state, OpenMemory(state));
    }

    private int? FailureOf(FileCall call)
    {
        if (call.Path.StartsWith(State, StringComparison.Ordinal))
            return CannotRecord && call.Writes ? Errno.NoSpace : null;
        if (!call.Path.StartsWith(Folder, StringComparison.Ordinal))
            return null;
        return call.Operation switch
        {
            FileOperation.Write when IsFull => Errno.NoSpace,
            FileOperation.Read when CannotRead => Errno.InputOutput,
            FileOperation.Flush when CannotFlush => Errno.InputOutput,
            _ => null,
        };
    }

    private string PathOf(int file) => $"{Folder}/{_content.Metainfo.Files[file].Path}";

    private long OffsetOf(BlockRange range) => _content.Layout.OffsetOf(range.Piece) + range.Offset;
}
