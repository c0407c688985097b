using Freshet.Core.Pieces;
using Freshet.FileSystem;
using Freshet.Hashing;

namespace Freshet.Disk.Creation;

/// <summary>
/// Hashes files into a torrent's pieces, on all cores. Each thread takes the next few pieces, reads a little of each at a time, and hashes
/// them together.
/// </summary>
internal sealed class TorrentHasher : IDisposable
{
    private readonly TorrentHasherOptions _options;
    private readonly SourceFiles _files;
    private readonly byte[] _hashes;
    private readonly CancellationToken _cancellationToken;
    private int _next;
    private long _done;
    private volatile StorageError? _error;

    private TorrentHasher(TorrentHasherOptions options, CancellationToken cancellationToken)
    {
        _options = options;
        _cancellationToken = cancellationToken;
        _files = new SourceFiles(options);
        _hashes = new byte[Sha1Lanes.DigestLength * _files.Layout.PieceCount];
    }

    /// <summary>Hashes files. A file that changes meanwhile is an error that names it.</summary>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static async Task<HashResult> HashAsync(TorrentHasherOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads, nameof(options));
        using TorrentHasher hasher = new(options, cancellationToken);
        if (hasher._files.FindChange() is { } early)
            return new HashResult(early, []);
        Task[] threads = new Task[options.Threads];
        for (int i = 0; i < threads.Length; i++)
            threads[i] = Task.Factory.StartNew(hasher.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(threads).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        StorageError? error = hasher._error ?? hasher._files.FindChange();
        return new HashResult(error, error is null ? hasher._hashes : []);
    }

    public void Dispose() => _files.Dispose();

    private void Run()
    {
        using PieceHasher hasher = new();
        WorkerMemory memory = new();
        StorageError?[] errors = new StorageError?[PieceHasher.MaxBatch];
        PieceLayout layout = _files.Layout;
        while (_error is null && !_cancellationToken.IsCancellationRequested)
        {
            int first = Interlocked.Add(ref _next, PieceHasher.MaxBatch) - PieceHasher.MaxBatch;
            int count = Math.Min(PieceHasher.MaxBatch, layout.PieceCount - first);
            if (count <= 0)
                return;

            // The torrent's last piece may be shorter than the others, and is then hashed separately.
            bool hasShortEnd = count > 1 && layout.LengthOf(new PieceIndex(first + count - 1)) != layout.PieceLength;
            Hash(hasher, new SourceBytes(_files, first, errors, memory), hasShortEnd ? count - 1 : count);
            if (hasShortEnd)
                Hash(hasher, new SourceBytes(_files, first + count - 1, errors, memory), 1);
        }
    }

    private void Hash(PieceHasher hasher, SourceBytes bytes, int count)
    {
        int length = _files.Layout.LengthOf(new PieceIndex(bytes.First));
        int hashed = hasher.Hash(
            ref bytes, count, length, _hashes.AsSpan(bytes.First * Sha1Lanes.DigestLength, count * Sha1Lanes.DigestLength));
        for (int i = 0; i < count; i++)
        {
            if ((hashed & (1 << i)) == 0)
                _error ??= bytes.ErrorOf(i);
        }

        long done = Interlocked.Add(ref _done, (long)count * length);
        _options.OnProgress?.Invoke(done);
    }
}
