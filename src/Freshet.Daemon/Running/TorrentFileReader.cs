using System.IO.Pipelines;
using Freshet.Core.Pieces;

namespace Freshet.Daemon.Running;

/// <summary>
/// Reads a file of a torrent while it may still download. Pieces ahead of the reader get deadlines, so that peers are asked for them first;
/// a piece is read when it is verified.
/// </summary>
internal sealed class TorrentFileReader(Torrent torrent, TorrentFileStatus file, PieceLayout layout)
{
    private const int ChunkLength = 128 * 1024;
    private const int PiecesAhead = 16;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private Bitfield _have = torrent.Pieces;

    /// <exception cref="TimeoutException">A piece did not come.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task CopyAsync(PipeWriter destination, long start, long length, CancellationToken cancellationToken)
    {
        long offset = start;
        long end = start + length;
        FileStream? stream = null;
        try
        {
            while (offset < end)
            {
                long readable = await WaitAsync(offset, cancellationToken).ConfigureAwait(false);
                stream ??= new FileStream(
                    file.StoredPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                stream.Position = offset;
                int most = (int)Math.Min(Math.Min(ChunkLength, end - offset), readable);
                int read = await stream.ReadAsync(destination.GetMemory(most)[..most], cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    throw new EndOfStreamException($"{file.StoredPath} is shorter than it should be.");
                destination.Advance(read);
                offset += read;
                await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (stream is not null)
                await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the byte at an offset is verified; how many of those behind it are in the same piece.</summary>
    private async Task<long> WaitAsync(long offset, CancellationToken cancellationToken)
    {
        long inTorrent = layout.OffsetOfFile(file.Index) + offset;
        PieceIndex piece = layout.PieceAt(inTorrent);
        if (!_have[piece])
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Bounds.PiecePatience);
            try
            {
                await WaitForAsync(piece, patience.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Piece {piece.Value} did not come in time.");
            }
        }

        return layout.OffsetOf(piece) + layout.LengthOf(piece) - inTorrent;
    }

    private async Task WaitForAsync(PieceIndex piece, CancellationToken cancellationToken)
    {
        PieceRange range = layout.PiecesOfFile(file.Index);
        int last = Math.Min(piece.Value + PiecesAhead, range.End.Value);
        PieceIndex[] wanted = [.. Enumerable.Range(piece.Value, last - piece.Value).Select(index => new PieceIndex(index))];
        await torrent.SetDeadlinesAsync(wanted, Deadline, cancellationToken).ConfigureAwait(false);
        while (!(_have = torrent.Pieces)[piece])
            await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
    }
}
