using System.Net.Sockets;
using Freshet.Core;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

using Freshet.Core.Wire;
using Freshet.Loops;

namespace Freshet.Connections;

/// <summary>
/// Receives from a peer and passes messages on, one batch per receive. It holds memory only while there is something to receive, less of it
/// as the torrent's blocks run out, and waits while the rate limit, the block pool or the torrent's loop have no room: TCP then makes the
/// peer wait too.
/// </summary>
#pragma warning disable CA1001 // A source without timer or link holds nothing to dispose of, and may be cancelled at any time.
internal sealed class PeerReadLoop
#pragma warning restore CA1001
{
    private readonly PeerConnection _connection;
    private readonly ITransport _transport;
    private readonly PeerConnectionServices _services;
    private readonly Inbox _inbox;
    private readonly AsyncSignal _wake = new();
    private readonly RateTicket _ticket;
    private readonly CancellationTokenSource _stop = new();
    private readonly ReceiveBuffer _buffer = new();
    private readonly PauseMeter _heldUp = new();
    private readonly PauseMeter _heldByLimit = new();
    private BlockLease _spare = BlockLease.None;
    private volatile CurrentLimits _limits;
    private long _bytes;

    public PeerReadLoop(
        PeerConnection connection, ITransport transport, PeerConnectionServices services, Inbox inbox, PeerMessageLimits limits)
    {
        _connection = connection;
        _transport = transport;
        _services = services;
        _inbox = inbox;
        _limits = new CurrentLimits(limits);
        _ticket = new RateTicket(_wake);
    }

    private enum Pause
    {
        MoreBytes,
        Malformed,
        NoBlock,
        NoRoom,
    }

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The memory held now, in bytes.</summary>
    public int BufferSize => _buffer.Size;

    private Timestamp Now => _services.Time.Now();

    /// <summary>
    /// How long it did not read, although the peer may have sent data, because the limit, the pool or the torrent's loop had no room.
    /// </summary>
    public TimeSpan HeldUp(Timestamp now) => _heldUp.TotalAt(now);

    /// <summary>The part of that time in which the rate limit had no room.</summary>
    public HeldByLimit HeldByLimit(Timestamp now) => _ticket.HeldFor(_heldByLimit.TotalAt(now));

    /// <summary>Wakes the loop: there may be room again, or the connection ends.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Sets the maximum message lengths from now on. Called from any thread.</summary>
    public void Limit(PeerMessageLimits limits) => _limits = new CurrentLimits(limits);

    /// <summary>Ends any wait of the loop.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _wake.Set();
    }

    public async Task RunAsync()
    {
        try
        {
            await ReadAsync().ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            _connection.Stop(SocketErrors.Classify(e.SocketErrorCode), e.Message);
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
        {
            // The connection was ended elsewhere.
        }
        finally
        {
            if (_ticket.TryCollect())
                _services.DownloadLimit.Return(_ticket.Bytes);
            _ticket.Withdraw();
            if (!_spare.IsNone)
                _services.Blocks.Pool.Return(_spare);
            _buffer.Release();
            _connection.Stop(DisconnectReason.ClosedByPeer, null);
        }
    }

    private async Task ReadAsync()
    {
        int needed = PeerMessageReader.PrefixLength;
        while (!_connection.IsClosing)
        {
            _transport.LimitUnread(MostRoom(1, int.MaxValue));

            // After a wait it asks again: it may have been woken by data that it has received already.
            ValueTask<int> ready = _transport.ReceiveAsync(Memory<byte>.Empty);
            while (!ready.IsCompleted)
            {
                _buffer.Shrink();
                await ready.ConfigureAwait(false);
                ready = _transport.ReceiveAsync(Memory<byte>.Empty);
            }

            await ready.ConfigureAwait(false);

            int room = _buffer.RoomFor(needed, MostRoom(ConnectionLimits.ReceiveShare, ConnectionLimits.MaxTransferLength));
            int granted = _services.DownloadLimit.Share(room);
            if (!_services.DownloadLimit.TryTake(granted, _ticket))
            {
                _buffer.Shrink();
                Timestamp began = Now;
                _heldUp.Begin(began);
                _heldByLimit.Begin(began);
                while (!_ticket.TryCollect())
                {
                    await _wake.WaitAsync().ConfigureAwait(false);
                    if (_connection.IsClosing)
                        return;
                }

                Timestamp ended = Now;
                _heldUp.End(ended);
                _heldByLimit.End(ended);
            }

            int received = await _transport.ReceiveAsync(_buffer.Reserve(granted)).ConfigureAwait(false);
            _services.DownloadLimit.Return(granted - received);
            if (received == 0)
                return;
            _buffer.Received(received, room);
            Volatile.Write(ref _bytes, _bytes + received);

            Pause pause;
            while ((pause = Parse(out needed)) is Pause.NoBlock or Pause.NoRoom)
            {
                // Blocks that were received must be passed on, or the pool may stay empty.
                _connection.Notify();
                _buffer.Shrink();
                _heldUp.Begin(Now);
                if (pause == Pause.NoBlock)
                    await WaitForBlockAsync().ConfigureAwait(false);
                else
                    await _wake.WaitAsync().ConfigureAwait(false);
                _heldUp.End(Now);
                if (_connection.IsClosing)
                    return;
            }

            _connection.Notify();
            if (pause == Pause.Malformed)
                return;

            // Blocks are acknowledged soon enough: they arrive in large segments.
            if (received < Limits.BlockLength && _connection.IsSendingNothing)
                _transport.AcknowledgeNow();
        }
    }

    // Nothing of what would come meanwhile has a place to go to, so the peer is told to send nothing.
    private async ValueTask WaitForBlockAsync()
    {
        _transport.LimitUnread(0);
        _spare = await _services.Blocks.RentAsync(_stop.Token).ConfigureAwait(false);
    }

    /// <summary>Passes on all complete messages.</summary>
    private Pause Parse(out int needed)
    {
        PeerMessageLimits limits = _limits.Value;
        while (true)
        {
            FrameResult result = PeerMessageReader.TryRead(_buffer.Unread, limits, out PeerFrame frame);
            needed = result.Length;
            switch (result.Status)
            {
                case FrameStatus.NeedMore:
                    return Pause.MoreBytes;
                case FrameStatus.Malformed:
                    _connection.Stop(DisconnectReason.ProtocolViolation, "the peer sent " + result.Fault.Describe());
                    return Pause.Malformed;
            }

            if (frame.Id == MessageId.Piece)
            {
                if (!TryLease(out BlockLease lease))
                    return Pause.NoBlock;
                frame.Payload.CopyTo(_services.Blocks.Pool.MemoryOf(lease).Span);
                if (!_inbox.TryAdd(PeerMessage.Block(frame.Range, lease)))
                {
                    _spare = lease;
                    return Pause.NoRoom;
                }
            }
            else if (frame.Id != MessageId.Unknown && !TryAddCopy(frame))
            {
                return Pause.NoRoom;
            }

            _buffer.Consume(result.Length);
        }
    }

    // A long payload is copied only if there is room for the copy.
    private bool TryAddCopy(in PeerFrame frame) =>
        (frame.Payload.IsEmpty || _inbox.HasRoomFor(frame.Payload.Length)) && _inbox.TryAdd(frame.ToMessage());

    // Received bytes go into blocks next. When few blocks are left, further bytes would only wait for them, in memory that is not counted.
    private int MostRoom(int share, int most)
    {
        long free = (long)_services.Blocks.Room * Limits.BlockLength;
        return (int)Math.Clamp(free / share, PeerMessageReader.PieceHeaderLength + Limits.BlockLength, most);
    }

    private bool TryLease(out BlockLease lease)
    {
        lease = _spare;
        _spare = BlockLease.None;
        return !lease.IsNone || _services.Blocks.TryRent(out lease);
    }

    // Replaced as a whole: the loop runs concurrently with the setter.
    private sealed record CurrentLimits(PeerMessageLimits Value);
}
