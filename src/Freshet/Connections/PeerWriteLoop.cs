using System.Buffers;
using System.Net.Sockets;
using Freshet.Core;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

using Freshet.Core.Wire;
using Freshet.Loops;

namespace Freshet.Connections;

/// <summary>
/// Sends a peer's outbox, one batch at a time: all control messages, then as many blocks as the peer accepts quickly and the rate limit
/// allows, read from disk behind their headers only now. One buffer, one send. It holds no memory while it waits, unless a limit is so low
/// that a block is sent in parts.
/// </summary>
internal sealed class PeerWriteLoop
{
    // A peer that accepts a batch within the first time gets larger batches; one that needs longer than the second gets smaller ones.
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private const int FirstBatch = 64 * 1024;

    private readonly PeerConnection _connection;
    private readonly ITransport _transport;
    private readonly PeerConnectionServices _services;
    private readonly Outbox _outbox;
    private readonly UploadLog _uploads;
    private readonly AsyncSignal _wake = new();
    private readonly RateTicket _ticket;
    private readonly PauseMeter _heldByLimit = new();
    private readonly List<BlockRange> _blocks = [];
    private BlockSlot[] _slots = new BlockSlot[16];
    private byte[]? _buffer;
    private int _batch = FirstBatch;
    private long _sendBegan;
    private long _bytes;
    private volatile bool _isIdle;

    public PeerWriteLoop(
        PeerConnection connection, ITransport transport, PeerConnectionServices services, Outbox outbox, UploadLog uploads)
    {
        _connection = connection;
        _transport = transport;
        _services = services;
        _outbox = outbox;
        _uploads = uploads;
        _ticket = new RateTicket(_wake);
    }

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>When the current send began; null if there is none.</summary>
    public Timestamp? SendBegan => Volatile.Read(ref _sendBegan) is var ticks and not 0 ? new Timestamp(ticks) : null;

    /// <summary>Whether nothing is being read or sent.</summary>
    public bool IsIdle => _isIdle;

    /// <summary>How long blocks ready to be sent have waited for a rate limit.</summary>
    public HeldByLimit HeldByLimit(Timestamp now) => _ticket.HeldFor(_heldByLimit.TotalAt(now));

    private Timestamp Now => _services.Time.Now();

    /// <summary>Wakes the loop: there is something to send, or the connection ends.</summary>
    public void Wake() => _wake.Set();

    public async Task RunAsync()
    {
        try
        {
            await WriteAsync().ConfigureAwait(false);
        }
        catch (SocketException e) when (SocketErrors.Classify(e.SocketErrorCode) == DisconnectReason.ClosedByPeer)
        {
            // What the peer sent before it closed may still be in the socket. The read loop will reach the end of it.
        }
        catch (SocketException e)
        {
            _connection.Stop(SocketErrors.Classify(e.SocketErrorCode), e.Message);
        }
        catch (ObjectDisposedException)
        {
            // The connection was ended elsewhere.
        }
        finally
        {
            if (_ticket.TryCollect())
                _services.UploadLimit.Return(_ticket.Bytes);
            _ticket.Withdraw();
            ReleaseBuffer();
        }
    }

    private async Task WriteAsync()
    {
        while (!_connection.IsClosing)
        {
            byte[]? control = _outbox.TakeControl(out int length);
            int granted = TakeGrant(ConnectionLimits.MaxTransferLength - length);
            if (control is null && granted == 0)
            {
                _isIdle = true;
                await _wake.WaitAsync().ConfigureAwait(false);
                _isIdle = false;
                continue;
            }

            int blockBytes = TakeBlocks(granted, out int owed);
            _buffer = ArrayPool<byte>.Shared.Rent(length + blockBytes);
            if (control is not null)
            {
                control.AsSpan(0, length).CopyTo(_buffer);
                _outbox.Recycle(control);
                _services.UploadLimit.Charge(length);
            }

            int count = PlaceBlocks(length);
            BlockReadResult read = default;
            if (count > 0)
            {
                read = await _services.Reader.ReadAsync(_slots.AsMemory(0, count), _buffer).ConfigureAwait(false);
                if (read.Count > 0)
                    length = _slots[read.Count - 1].BufferOffset + _slots[read.Count - 1].Block.Length;
            }

            Timestamp began = Now;
            for (int sent = 0, free = Math.Max(length - owed, 0); sent < length;)
            {
                if (sent == free)
                    free += await TakeMoreAsync(length - sent).ConfigureAwait(false);
                Volatile.Write(ref _sendBegan, Now.Ticks);
                sent += await _transport.SendAsync(_buffer.AsMemory(sent, free - sent)).ConfigureAwait(false);
            }

            Finish(length, blockBytes >= _batch / 2, Now - began);
            if (count > 0)
            {
                _uploads.Add(_slots.AsSpan(0, count), read);
                _connection.Notify();
            }
        }
    }

    /// <summary>The number of bytes of blocks that may be sent now. If none may, the loop is woken later.</summary>
    private int TakeGrant(int most)
    {
        // In this order: once the ticket is not queued, only this loop changes it.
        if (_ticket.IsQueued)
            return 0;
        if (TryCollect())
            return _ticket.Bytes;
        int share = _services.UploadLimit.Share(Math.Min(_batch, most));
        int wanted = Math.Min(_outbox.PeekBlocks(share), share);
        return wanted > 0 && TryTake(wanted) ? wanted : 0;
    }

    /// <summary>
    /// The number of further bytes of the current block that may be sent, once any may. Control messages do not wait for the rest of a
    /// block: it is sent with them, and later blocks wait longer.
    /// </summary>
    private async ValueTask<int> TakeMoreAsync(int rest)
    {
        Volatile.Write(ref _sendBegan, 0);
        int share = _services.UploadLimit.Share(rest);
        if (!_ticket.IsQueued)
        {
            if (TryCollect())
                return Collect(rest);
            if (TryTake(share))
                return share;
        }

        while (!_outbox.HasControl && !_connection.IsClosing)
        {
            if (TryCollect())
                return Collect(rest);
            await _wake.WaitAsync().ConfigureAwait(false);
        }

        _services.UploadLimit.Charge(rest);
        return rest;
    }

    private bool TryTake(int bytes)
    {
        if (_services.UploadLimit.TryTake(bytes, _ticket))
            return true;
        _heldByLimit.Begin(Now);
        return false;
    }

    private bool TryCollect()
    {
        if (!_ticket.TryCollect())
            return false;
        _heldByLimit.End(Now);
        return true;
    }

    // More may have been granted than is left.
    private int Collect(int rest)
    {
        int taken = Math.Min(_ticket.Bytes, rest);
        _services.UploadLimit.Return(_ticket.Bytes - taken);
        return taken;
    }

    /// <summary>
    /// Takes the blocks that may be sent, and returns the length of their messages, and how many of those bytes have yet to be granted.
    /// </summary>
    private int TakeBlocks(int granted, out int owed)
    {
        _blocks.Clear();
        owed = 0;
        if (granted == 0)
            return 0;
        _outbox.TakeBlocks(granted, _blocks);
        int bytes = 0;
        foreach (BlockRange block in _blocks)
            bytes += PeerMessageReader.PieceHeaderLength + block.Length;

        // Some may have been cancelled since they were counted; or the first is longer than what may be sent at once.
        _services.UploadLimit.Return(Math.Max(granted - bytes, 0));
        owed = Math.Max(bytes - granted, 0);
        return bytes;
    }

    /// <summary>Writes the headers, and records where the blocks go.</summary>
    private int PlaceBlocks(int at)
    {
        if (_slots.Length < _blocks.Count)
            Array.Resize(ref _slots, Math.Max(_blocks.Count, _slots.Length * 2));
        for (int i = 0; i < _blocks.Count; i++)
        {
            PeerMessageWriter.WritePieceHeader(_buffer.AsSpan(at), _blocks[i]);
            _slots[i] = new BlockSlot(_blocks[i], at + PeerMessageReader.PieceHeaderLength);
            at += PeerMessageReader.PieceHeaderLength + _blocks[i].Length;
        }

        return _blocks.Count;
    }

    private void Finish(int length, bool isFull, TimeSpan took)
    {
        Volatile.Write(ref _sendBegan, 0);
        Volatile.Write(ref _bytes, _bytes + length);
        ReleaseBuffer();
        if (took < Quick && isFull)
            _batch = Math.Min(_batch * 2, ConnectionLimits.MaxTransferLength);
        else if (took > Slow)
            _batch = Math.Max(_batch / 2, Limits.BlockLength);
    }

    private void ReleaseBuffer()
    {
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}
