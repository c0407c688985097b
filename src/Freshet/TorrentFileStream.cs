using Freshet.Connections;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Running;

namespace Freshet;

/// <summary>
/// A file of a torrent as a stream while it is downloaded: a read waits for the piece at its position and returns only verified bytes.
/// </summary>
internal sealed class TorrentFileStream : Stream
{
    private readonly TorrentReaders _readers;
    private readonly IBlockReader _blocks;
    private readonly PieceLayout _layout;
    private readonly ReaderKey _key;
    private readonly long _begin;
    private readonly long _length;
    private readonly CancellationTokenSource _disposed = new();
    private PieceIndex? _verified;
    private long _position;

    public TorrentFileStream(TorrentReaders readers, PieceLayout layout, TorrentFile file)
    {
        _readers = readers;
        _blocks = readers.OpenBlocks();
        _layout = layout;
        _begin = file.Offset;
        _length = file.Length;
        _key = readers.Open();
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        if (_position >= _length || buffer.IsEmpty)
            return 0;
        long offset = _begin + _position;
        PieceIndex piece = _layout.PieceAt(offset);
        if (_verified != piece)
        {
            using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
            await _readers.WaitAsync(_key, offset, _begin + _length, ended.Token).ConfigureAwait(false);
            _verified = piece;
        }

        int within = (int)(offset - _layout.OffsetOf(piece));
        int count = (int)Math.Min(Math.Min(buffer.Length, _length - _position), _layout.LengthOf(piece) - within);
        BlockSlot[] slots = [new BlockSlot(new BlockRange(piece, within, count), 0)];
        BlockReadResult result = await _blocks.ReadAsync(slots, buffer[..count]).ConfigureAwait(false);
        if (result.Error is { } error)
            throw new IOException(error);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin)
    {
        Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            _ => _length,
        };
        return _position;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("A torrent's file is read only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A torrent's file is read only.");

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed.IsCancellationRequested)
        {
            _disposed.Cancel();
            _readers.Close(_key);
        }

        base.Dispose(disposing);
    }
}
