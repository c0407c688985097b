using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.SimulatedFiles;

namespace Freshet.Simulation;

/// <summary>
/// A peer's files and its memory of them: the engine's own <see cref="FileStorage"/>, <see cref="StateFolder"/>, <see cref="ResumePlan"/>
/// and <see cref="Evidence"/> on a simulated file system. Only who calls whom is made here, in the order of the real one.
/// </summary>
internal sealed class SimFiles
{
    private const string Folder = "/data";
    private const string State = "/state";
    private static readonly Ending[] PowerCuts = [Ending.NothingSurvives, Ending.NamesSurvive, Ending.DataSurvives, Ending.Torn];

    private readonly SimContent _content;
    // What a run has open; nothing of it needs an end, since the machine's is simulated too.
    private (FileStorage Storage, StateFolder State) _run;
    private Evidence? _evidence;
    private FileStamp[] _looks = [];
    private bool _wasInDoubt;
    private bool _flushesLie;
    private bool _haveFlushesLied;

    public SimFiles(SimContent content)
    {
        _content = content;
        LastRecorded = new Bitfield(content.Layout.PieceCount);
        Mount(new SimulatedFileSystem());
    }

    public SimulatedFileSystem System { get; private set; } = null!;

    /// <summary>Whether there is no space: writing data fails.</summary>
    public bool IsFull { get; set; }

    /// <summary>Whether no data can be read.</summary>
    public bool CannotRead { get; set; }

    /// <summary>Whether data cannot be made durable, and what was to be is given up.</summary>
    public bool CannotFlush { get; set; }

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
    public StartingPoint Begin(bool resume)
    {
        _looks = _run.Storage.GetStamps();
        _run.Storage.Expect(_looks);
        TorrentRecord? record = _run.State.LoadResume(_content.Metainfo).Record;
        IsInDoubt &= resume;
        ResumePlan plan = ResumePlan.Decide(_content.Metainfo, Folder, resume ? record?.Data : null, _looks);

        // Files that a record vouches for are gone: then a user starts without it.
        if (plan is ResumePlan.Refuse && IsInDoubt)
            return Begin(resume: false);
        if (plan is not ResumePlan.Go go)
            throw new SimFailureException($"a start is refused: {((ResumePlan.Refuse)plan).Reason}");
        _evidence = new Evidence(go.Have, _looks);
        if (go.Check is not null || record?.Data is not { IsClean: true })
            _run.Storage.DoubtExpected();
        if (record?.Data is { } data)
            SaveRecord(go.Have, go.Partial, data.Files, isClean: false);
        _run.Storage.Prepare();
        return new StartingPoint(go.Have.Clone(), [.. go.Partial], go.Check);
    }

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

    /// <summary>First step of a checkpoint: what the files look like, while they may still grow.</summary>
    public void Look() => _looks = _run.Storage.GetStamps();

    /// <summary>Second step: makes data durable; whether that succeeded.</summary>
    public bool Flush(Bitfield have, IReadOnlyCollection<PartialPiece> partial)
    {
        bool failed = _run.Storage.Flush() is not null;
        if (failed || _wasInDoubt)
            _evidence!.OnFlushFailed(have, partial.Select(piece => piece.Piece));
        _wasInDoubt = failed;
        return !failed;
    }

    /// <summary>Third step: records what is durable now.</summary>
    public void Record(Bitfield have, IEnumerable<PartialPiece> partial, bool isClean)
    {
        Evidence evidence = _evidence!;
        if (isClean)
        {
            _run.Storage.Close();
            _looks = _run.Storage.GetStamps();
        }

        evidence.OnFlushed(have, _run.Storage.TakeFlushed(), _looks);
        PartialPiece[] kept = [.. partial.Where(piece => !have[piece.Piece] && !evidence.IsPieceInDoubt(piece.Piece))];
        SaveRecord(evidence.Have, kept, evidence.Stamps, isClean && !evidence.IsInDoubt);
    }

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
        _evidence = new Evidence(all, _run.Storage.GetStamps());
        SaveRecord(all, [], _evidence.Stamps, isClean: true);
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
        _evidence = null;
        _wasInDoubt = false;
        FileStorageOptions options = new()
        {
            Folder = Folder,
            Files = _content.Metainfo.Files,
            Layout = _content.Layout,
            Handles = new FileHandles(),
            System = system,
        };
        _run = (new FileStorage(options), new StateFolder(State, system));
    }

    private int? FailureOf(FileCall call)
    {
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

    private void SaveRecord(Bitfield have, IReadOnlyList<PartialPiece> partial, IReadOnlyList<FileStamp> files, bool isClean)
    {
        _run.State.SaveResume(new TorrentRecord
        {
            InfoHash = _content.Metainfo.SwarmHash,
            Folder = Folder,
            Data = new ResumeRecord { Have = have, Partial = partial, Files = files, IsClean = isClean },
        });
        LastRecorded = have.Clone();
    }

    private string PathOf(int file) => $"{Folder}/{_content.Metainfo.Files[file].Path}";

    private long OffsetOf(BlockRange range) => _content.Layout.OffsetOf(range.Piece) + range.Offset;
}
