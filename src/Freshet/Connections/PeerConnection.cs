using System.Net;
using Freshet.Core;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;
using Freshet.Loops;

namespace Freshet.Connections;

/// <summary>
/// A connection with a peer after its handshakes. Its read loop turns bytes into messages and its write loop messages into bytes, each
/// independently on the thread pool. Both hand their results over on the torrent's loop, to which the connection posts itself, at most once
/// at a time. Everything received before the end is handed over before the end is reported.
/// </summary>
/// <remarks>
/// Every block leased for this connection is either handed to the owner or returned, exactly once: by the read loop while it holds the
/// block, and by <see cref="ILoopItem.Run"/> after that.
/// </remarks>
internal sealed class PeerConnection : ILoopItem
{
    private readonly ITransport _transport;
    private readonly IPeerConnectionOwner _owner;
    private readonly PeerConnectionServices _services;
    private readonly Inbox _inbox = new();
    private readonly Outbox _outbox = new();
    private readonly UploadLog _uploads = new();
    private readonly PeerReadLoop _reading;
    private readonly PeerWriteLoop _writing;
    private CloseCause? _cause;
    private int _isPosted;
    private bool _needsFlush;
    private bool _isClosedByOwner;
    private bool _isOver;
    private volatile bool _hasEnded;

    /// <param name="key">The owner's key for the connection.</param>
    /// <param name="transport">A transport after its handshakes; the connection takes ownership.</param>
    /// <param name="owner">The torrent.</param>
    /// <param name="services">What it shares with other connections.</param>
    /// <param name="limits">The maximum message lengths.</param>
    public PeerConnection(
        PeerKey key, ITransport transport, IPeerConnectionOwner owner, PeerConnectionServices services, PeerMessageLimits limits)
    {
        Key = key;
        _transport = transport;
        _owner = owner;
        _services = services;
        _reading = new PeerReadLoop(this, transport, services, _inbox, limits);
        _writing = new PeerWriteLoop(this, transport, services, _outbox, _uploads);
    }

    public PeerKey Key { get; }

    public IPEndPoint RemoteEndPoint => _transport.RemoteEndPoint;

    public IPEndPoint LocalEndPoint => _transport.LocalEndPoint;

    /// <summary>The total number of bytes received.</summary>
    public long BytesReceived => _reading.Bytes;

    /// <summary>The total number of bytes sent.</summary>
    public long BytesSent => _writing.Bytes;

    /// <summary>The memory held for receiving, in bytes.</summary>
    public int ReceiveMemory => _reading.BufferSize;

    /// <summary>The total time in which we did not read from the peer for reasons on our side.</summary>
    public TimeSpan HeldUp(Timestamp now) => _reading.HeldUp(now);

    /// <summary>How long reading from the peer has waited for a rate limit.</summary>
    public HeldByLimit ReceivingHeld(Timestamp now) => _reading.HeldByLimit(now);

    /// <summary>How long blocks requested by the peer have waited for a rate limit.</summary>
    public HeldByLimit SendingHeld(Timestamp now) => _writing.HeldByLimit(now);

    /// <summary>The round-trip time; null if it is not known.</summary>
    public TimeSpan? RoundTrip => _transport.RoundTrip;

    /// <summary>Completes when no part of the connection runs any more, except perhaps its last visit to the owner's loop.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Whether it is ending or has ended.</summary>
    internal bool IsClosing => Volatile.Read(ref _cause) is not null;

    /// <summary>Whether nothing is being sent to the peer that could carry an acknowledgement.</summary>
    internal bool IsSendingNothing => _writing.IsIdle;

    /// <summary>Sets the maximum message lengths from now on.</summary>
    public void Limit(PeerMessageLimits limits) => _reading.Limit(limits);

    /// <summary>Starts reading and writing.</summary>
    public void Start() => Ended = RunLoopsAsync();

    /// <summary>
    /// Queues a message, on the owner's loop. It is sent at the next <see cref="Flush"/> at the latest; returns true if it is the first
    /// since the last flush, so that the owner needs to remember a connection only once.
    /// </summary>
    public bool Send(in PeerMessage message)
    {
        if (IsClosing)
            return false;
        if (_outbox.TryAdd(message))
            return MarkForFlush();
        Stop(DisconnectReason.TimedOut, "the peer does not read what we send");
        return false;
    }

    /// <summary>Queues a block, on the owner's loop, to be read when it can be sent. Returns the same as <see cref="Send"/>.</summary>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Limits.MaxQueuedUploads"/> are queued already, which the owner must prevent.
    /// </exception>
    public bool SendBlock(BlockRange block)
    {
        if (IsClosing)
            return false;
        if (!_outbox.TryAdd(block))
            throw new InvalidOperationException($"More than {Limits.MaxQueuedUploads} blocks were put into one outbox.");
        return MarkForFlush();
    }

    /// <summary>Cancels a queued block; false if it is no longer queued.</summary>
    public bool CancelBlock(BlockRange block) => _outbox.Cancel(block);

    /// <summary>Cancels all queued blocks, and adds them to a list.</summary>
    public void CancelBlocks(List<BlockRange> cancelled) => _outbox.CancelAll(cancelled);

    /// <summary>Starts sending what is queued. Meant to be called once for everything that a turn of the owner's loop sends.</summary>
    public void Flush()
    {
        if (!_needsFlush)
            return;
        _needsFlush = false;
        _writing.Wake();
    }

    /// <summary>Ends the connection, on the owner's loop, which gets no further calls.</summary>
    public void Close(DisconnectReason reason, string? detail = null)
    {
        _isClosedByOwner = true;
        Stop(reason, detail);
    }

    /// <summary>
    /// Ends the connection because its network has changed: nothing more may be sent, not even data already given to the system. The owner
    /// is notified.
    /// </summary>
    public void Cut(string detail) => Stop(DisconnectReason.NetworkError, detail, forgetsUnsent: true);

    /// <summary>Ends the connection if the peer has not accepted our data for too long. Called every few seconds.</summary>
    public void CheckStall(Timestamp now)
    {
        if (_writing.SendBegan is { } began && now - began > TimeSpan.FromSeconds(ConnectionLimits.SendTimeoutSeconds))
            Stop(DisconnectReason.TimedOut, "the peer does not read what we send");
    }

    /// <summary>Hands results over to the owner.</summary>
    void ILoopItem.Run()
    {
        Interlocked.Exchange(ref _isPosted, 0);

        // Read first: everything that the loops have left is then visible.
        bool hasEnded = _hasEnded;
        try
        {
            DeliverMessages();
            DeliverUploads();
        }
        catch (Exception e)
        {
            // A bug in the owner or here. The peer's message may trigger it again, and messages of this connection may have been lost.
            Stop(DisconnectReason.NetworkError, "an error of our own: " + e.Message);
            throw;
        }
        finally
        {
            if (hasEnded)
                Finish();
        }
    }

    /// <summary>There is something to hand over. Called by the loops.</summary>
    internal void Notify()
    {
        if (Interlocked.Exchange(ref _isPosted, 1) == 0)
            _owner.Post(this);
    }

    /// <summary>Ends the connection; the first cause counts. Called from any thread.</summary>
    internal void Stop(DisconnectReason reason, string? detail, bool forgetsUnsent = false)
    {
        if (Interlocked.CompareExchange(ref _cause, new CloseCause(reason, detail), null) is not null)
            return;
        if (forgetsUnsent)
            _transport.Reset();
        else
            _transport.Abort();
        _reading.Stop();
        _writing.Wake();
    }

    private void Finish()
    {
        if (_isOver)
            return;
        _isOver = true;
        _outbox.Clear();
        if (!_isClosedByOwner && _cause is { } cause)
            _owner.OnClosed(this, cause.Reason, cause.Detail);
    }

    private bool MarkForFlush()
    {
        bool first = !_needsFlush;
        _needsFlush = true;
        return first;
    }

    private async Task RunLoopsAsync()
    {
        await Task.WhenAll(RunLoopAsync(_reading.RunAsync), RunLoopAsync(_writing.RunAsync)).ConfigureAwait(false);
        _transport.Dispose();
        _hasEnded = true;
        Notify();
    }

    private async Task RunLoopAsync(Func<Task> loop)
    {
#pragma warning disable CA1031 // Always a bug of ours. It ends this connection and is reported, and does not leave it half alive.
        try
        {
            await Task.Run(loop).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Stop(DisconnectReason.NetworkError, "an error of our own: " + e.Message);
        }
#pragma warning restore CA1031
    }

    private void DeliverMessages()
    {
        ReadOnlySpan<PeerMessage> messages = _inbox.Take(out bool makesRoom);
        if (makesRoom)
            _reading.Wake();
        if (messages.IsEmpty)
            return;
        if (_isClosedByOwner)
            MessageLeases.Return(_services.Blocks.Pool, messages);
        else
            _owner.OnMessages(this, messages);
    }

    private void DeliverUploads()
    {
        foreach (UploadOutcome outcome in _uploads.Take())
        {
            if (_isClosedByOwner)
                continue;
            if (outcome.Error is null)
                _owner.OnUploaded(this, outcome.Block);
            else
                _owner.OnReadFailed(this, outcome.Block, outcome.Error);
        }
    }
}
