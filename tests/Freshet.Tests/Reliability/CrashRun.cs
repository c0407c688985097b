using System.Collections.Concurrent;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.Running;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Reliability;

/// <summary>
/// One run of a torrent on a simulated disk, with the real state folder, memory, plan, evidence, storage and disk threads: started with
/// what the disk holds, then checked, downloaded, recorded several times, and stopped.
/// </summary>
internal sealed class CrashRun : ITorrentDiskOwner, IAsyncDisposable
{
    private const string DataFolder = "/data";
    private const string StatePath = "/state";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<PieceIndex, bool> _hashed = new();
    private readonly ConcurrentDictionary<PieceIndex, bool> _checked = new();
    private readonly TaskCompletionSource _checkEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CrashSample _sample;
    private readonly DiskServices _services;
    private readonly StateFolder _state;
    private readonly TorrentMemory _memory;
    private TorrentStore _store;
    private readonly Bitfield _have;
    private TorrentOptions _options;

    private CrashRun(SimulatedFileSystem system, CrashSample sample, DiskServices services, TorrentOptions options)
    {
        System = system;
        _options = options;
        _sample = sample;
        _services = services with { System = system };
        _have = new Bitfield(sample.Layout.PieceCount);
        _state = new StateFolder(StatePath, system);
        _state.Lock(isShared: false);
        string folder = _state.LoadResume(sample.Metainfo.SwarmHash, sample.Metainfo).Record?.Folder ?? DataFolder;
        TorrentRecord wanted = new() { InfoHash = sample.Metainfo.SwarmHash, Folder = folder, Run = RunState.Running };
        _memory = TorrentMemory.Add(_state, LoadedSource.Of(sample.Metainfo, sample.Torrent), sample.Metainfo, wanted);
        _store = OpenStore();
        if (_memory.Record.Moving is not null)
        {
            Warning = _store.Moving.ResolveAsync(CancellationToken.None, CancellationToken.None).GetAwaiter().GetResult();
            FollowAsync().GetAwaiter().GetResult();
        }

        _store.Renaming.TryResolveAsync(CancellationToken.None).GetAwaiter().GetResult();
        Plan = _memory.Plan(_store, options, resume: true);
    }

    public SimulatedFileSystem System { get; }

    /// <summary>The rest of a move that had been interrupted.</summary>
    public string? Warning { get; }

    /// <summary>The folder of the torrent's files.</summary>
    public string Folder => _memory.Folder;

    /// <summary>Whether nothing is being moved.</summary>
    public bool IsSettled => _memory.Record.Moving is null;

    /// <summary>The pieces that the start believes.</summary>
    public ResumePlan Plan { get; }

    /// <summary>The pieces that were certainly recorded, and the moment in the disk's history from which on they were.</summary>
    public List<(int Moment, Bitfield Pieces)> Recorded { get; } = [];

    /// <summary>The pieces that were reported as verified and written, and the moment from which on they were.</summary>
    public List<(int Moment, Bitfield Pieces)> Verified { get; } = [];

    /// <summary>The pieces that came from peers in this run.</summary>
    public int Downloaded { get; private set; }

    /// <summary>The errors of saves.</summary>
    public List<string> Troubles { get; } = [];

    /// <summary>Whether any flush failed, even one that no save waited for.</summary>
    public bool FlushesFailed => _store.Disk.FailedFlushes > 0;

    /// <summary>The pieces that the check has found good.</summary>
    public IEnumerable<PieceIndex> FoundGood => _checked.Where(pair => pair.Value).Select(pair => pair.Key);

    /// <summary>The pieces that are there as far as this run knows.</summary>
    public Bitfield Have => _have;

    public static CrashRun Open(
        SimulatedFileSystem system, CrashSample sample, DiskServices services, TorrentOptions? options = null)
    {
        foreach (string folder in (string[])[DataFolder, StatePath])
            RootFolder.Create(system, folder);
        return new CrashRun(system, sample, services, options ?? new TorrentOptions());
    }

    /// <summary>Believes the pieces of the plan, after checking those that the plan says to check.</summary>
    public async Task StartAsync()
    {
        ResumePlan.Go plan = Assert.IsType<ResumePlan.Go>(Plan);
        await _memory.NoteFoundAsync(CancellationToken.None);
        if (!plan.Have.IsFull)
        {
            Assert.IsType<ResumePlan.Go>(await _memory.BeginAsync(plan));
            Assert.Null(_store.Prepare(_options));
        }

        foreach (PartialPiece partial in plan.Partial)
            _store.Disk.RestorePartial(partial);
        if (plan.Check is not null)
        {
            _store.Disk.CheckPieces(plan.Check);
            await _checkEnded.Task.WaitAsync(Patience);
        }

        AddAll(plan.Have);
        foreach (PieceIndex piece in FoundGood)
            _have.Add(piece);
    }

    /// <summary>Downloads what is missing, in a random order, with a checkpoint after every few pieces and at the end.</summary>
    public async Task DownloadAsync(Random random, int checkpoints)
    {
        PieceIndex[] missing = [.. Enumerable.Range(0, _have.Length).Select(i => new PieceIndex(i)).Where(piece => !_have[piece])];
        random.Shuffle(missing);
        int perCheckpoint = Math.Max(1, (missing.Length + checkpoints - 1) / checkpoints);
        foreach (PieceIndex[] group in missing.Chunk(perCheckpoint))
        {
            // The last piece is begun, and recorded as begun; the rest of it is downloaded after the checkpoint.
            foreach (PieceIndex piece in group[..^1])
                Send(piece, 0, _sample.Layout.BlockCountOf(piece));
            PieceIndex last = group[^1];
            Send(last, 0, Math.Min(2, _sample.Layout.BlockCountOf(last) - 1));
            await HashedAsync(group[..^1]);
            await SaveAsync(clean: false);
            Send(last, 0, _sample.Layout.BlockCountOf(last));
            await HashedAsync([last]);
        }

        await SaveAsync(clean: true);
    }

    /// <summary>Downloads and records the first pieces.</summary>
    public async Task BeginAsync(int pieces)
    {
        PieceIndex[] first = [.. Enumerable.Range(0, pieces).Select(i => new PieceIndex(i))];
        foreach (PieceIndex piece in first)
            Send(piece, 0, _sample.Layout.BlockCountOf(piece));
        await HashedAsync(first);
        await SaveAsync(clean: false);
    }

    /// <summary>Downloads pieces, and records nothing.</summary>
    public async Task GetAsync(IEnumerable<PieceIndex> pieces)
    {
        PieceIndex[] missing = [.. pieces.Where(piece => !_have[piece])];
        foreach (PieceIndex piece in missing)
            Send(piece, 0, _sample.Layout.BlockCountOf(piece));
        await HashedAsync(missing);
    }

    /// <summary>Selects other files.</summary>
    public async Task WantAsync(TorrentOptions options)
    {
        _options = options;
        Assert.True(await _store.RunAsync(() => _store.PrepareMore(options)));
    }

    /// <summary>Reads and hashes pieces; returns whether all are as they should be.</summary>
    public async Task<bool> AreGoodAsync(Bitfield pieces)
    {
        if (pieces.Count == 0)
            return true;
        Assert.True(_store.LoadHashes());
        _checked.Clear();
        _store.Disk.CheckPieces(pieces);
        using CancellationTokenSource limit = new(Patience);
        while (_checked.Count < pieces.Count)
            await Task.Delay(1, limit.Token);
        return _checked.Values.All(isGood => isGood);
    }

    /// <summary>Gives a file another name.</summary>
    public Task RenameAsync(int file, string path) => _store.Renaming.RenameAsync(file, path, CancellationToken.None);

    /// <summary>Moves the files to another folder.</summary>
    public async Task<string?> MoveAsync(string folder, IProgress<MoveProgress>? progress, CancellationToken cancellation)
    {
        string? trouble = await _store.Moving.MoveAsync(folder, progress, cancellation, asked: default, givenUp: default);
        await FollowAsync();
        return trouble;
    }

    /// <summary>Removes the torrent with its files, as a session does.</summary>
    public async Task RemoveAsync()
    {
        await _store.CloseAsync(CancellationToken.None);
        await _memory.CloseAsync(forget: true);
        Assert.Null(await _store.DeleteFilesAsync(
            () => _store.Found.FindForeign(file => FileReport.VerifiedBytes(_sample.Layout, file.Index, _have) == file.Length),
            Patience,
            TimeProvider.System));
    }

    /// <summary>The place where a file is stored.</summary>
    public string PathOf(TorrentFile file) => $"{_memory.Folder}/{_store.Map[file].Path}";

    /// <summary>Flushes and records what has been verified.</summary>
    public async Task SaveAsync(bool clean)
    {
        Bitfield have = _have.Clone();
        if (await _memory.SaveAsync(_store, have, record => record, clean) is { } trouble)
            Troubles.Add(trouble);
        else
            Recorded.Add((System.Moments, _memory.Record.Data!.Have.Clone()));
    }

    /// <summary>Whether the disk holds a piece as it should be.</summary>
    public bool Holds(PieceIndex piece)
    {
        foreach (FileSlice slice in _sample.Layout.SlicesOf(_sample.Layout.OffsetOf(piece), _sample.Layout.LengthOf(piece)))
        {
            TorrentFile file = _sample.Metainfo.Files[slice.FileIndex];
            byte[]? content = System.ReadAll(PathOf(file));
            ReadOnlySpan<byte> expected = _sample.Content.AsSpan((int)(file.Offset + slice.Offset), slice.Length);
            if (content is null || content.Length < slice.Offset + slice.Length
                || !expected.SequenceEqual(content.AsSpan((int)slice.Offset, slice.Length)))
                return false;
        }

        return true;
    }

    /// <param name="but">The index of a file that belongs to somebody else; null for none.</param>
    public void AssertWhole(int? but = null)
    {
        foreach (TorrentFile file in _sample.Metainfo.Files.Where(file => file.Index != but))
            Assert.True(_sample.BytesOf(file).AsSpan().SequenceEqual(System.ReadAll(PathOf(file))), file.Path);
    }

    public void OnPieceHashed(PieceVerdict verdict) => _hashed[verdict.Piece] = verdict.IsGood;

    public void OnPieceChecked(PieceIndex piece, bool isGood) => _checked[piece] = isGood;

    public void OnPieceUnreadable(PieceIndex piece, StorageError error) => Troubles.Add(error.Message);

    public void OnCheckFinished() => _checkEnded.TrySetResult();

    public void OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces) => Troubles.Add(error.Message);

    public void OnDiskRecovered()
    {
    }

    public async ValueTask DisposeAsync()
    {
        await _store.CloseAsync(CancellationToken.None);
        if (!_memory.Closed.IsCompleted)
            await _memory.CloseAsync(forget: false);
        _state.Dispose();
    }

    private TorrentStore OpenStore() => new(_services, Preallocation.Sparse, _sample.Metainfo, _memory, this);

    private async Task FollowAsync()
    {
        if (_store.Folder == _memory.Folder)
            return;
        await _store.CloseAsync(CancellationToken.None);
        _store = OpenStore();
    }

    private void Send(PieceIndex piece, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            BlockRef block = new(piece, i);
            Assert.True(_store.Disk.Blocks.TryRent(out BlockLease lease));
            _sample.BytesOf(block).CopyTo(_store.Disk.Blocks.Pool.MemoryOf(lease).Span);
            _store.Disk.WriteBlock(block, lease);
        }
    }

    // A barrier of the worker, like the one of a flush, waits until all whole pieces are hashed; it is cut short before anything is
    // flushed.
    private async Task HashedAsync(PieceIndex[] pieces)
    {
        try
        {
            await _store.Disk.FlushAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // As wanted.
        }

        using CancellationTokenSource limit = new(Patience);
        while (!pieces.All(_hashed.ContainsKey))
        {
            Assert.False(limit.IsCancellationRequested, "Pieces were not hashed in time.");
            await Task.Yield();
        }

        foreach (PieceIndex piece in pieces)
        {
            Assert.True(_hashed[piece], $"Piece {piece.Value} failed its hash.");
            _have.Add(piece);
            Downloaded++;
        }

        Verified.Add((System.Moments, _have.Clone()));
    }

    private void AddAll(Bitfield pieces)
    {
        for (int i = 0; i < pieces.Length; i++)
        {
            if (pieces[new PieceIndex(i)])
                _have.Add(new PieceIndex(i));
        }
    }
}
