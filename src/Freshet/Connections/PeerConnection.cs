using System.Net;
using Freshet.Core;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;
using Freshet.Loops;

namespace Freshet.Connections;

/// <summary>
/// A connection with a peer whose handshakes are done. Its read loop turns bytes into messages and its write loop messages into
/// bytes, each by itself on the thread pool; what they have for the torrent is handed over on the torrent's loop, onto which the
/// connection posts itself, at most once at a time. All that arrived before the end is handed over before the end is told.
/// </summary>
/// <remarks>
/// Every block that was leased for this connection is either handed to the owner or given back, once: by the read loop while it has
/// it, by <see cref="ILoopItem.Run"/> after that.
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

    /// <param name="key">How the owner calls it.</param>
    /// <param name="transport">A connection whose handshakes are done; owned from here on.</param>
    /// <param name="owner">The torrent.</param>
    /// <param name="services">What it shares with others.</param>
    /// <param name="limits">How long messages may be.</param>
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

    /// <summary>All bytes received.</summary>
    public long BytesReceived => _reading.Bytes;

    /// <summary>All bytes sent.</summary>
    public long BytesSent => _writing.Bytes;

    /// <summary>Bytes of memory held for what is received.</summary>
    public int ReceiveMemory => _reading.BufferSize;

    /// <summary>How long we have not read from the peer for reasons of our own, all told.</summary>
    public TimeSpan HeldUp(Timestamp now) => _reading.HeldUp(now);

    /// <summary>How long reading from the peer has waited for a rate limit of ours.</summary>
    public HeldByLimit ReceivingHeld(Timestamp now) => _reading.HeldByLimit(now);

    /// <summary>How long what the peer requested has waited for a rate limit of ours.</summary>
    public HeldByLimit SendingHeld(Timestamp now) => _writing.HeldByLimit(now);

    /// <summary>How long a packet takes to the peer and back; null where that is not known.</summary>
    public TimeSpan? RoundTrip => _transport.RoundTrip;

    /// <summary>Ends when nothing of the connection runs any more, but perhaps its last visit to the owner's loop.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Whether it is ending or has ended.</summary>
    internal bool IsClosing => Volatile.Read(ref _cause) is not null;

    /// <summary>Whether nothing is on its way to the peer that could carry an acknowledgement.</summary>
    internal bool IsSendingNothing => _writing.IsIdle;

    /// <summary>From now on messages may be so long.</summary>
    public void Limit(PeerMessageLimits limits) => _reading.Limit(limits);

    /// <summary>Begins to read and write.</summary>
    public void Start() => Ended = RunLoopsAsync();

    /// <summary>
    /// Puts a message into the outbox, on the owner's loop. It leaves at the next <see cref="Flush"/> at the latest; true if this is
    /// the first since the last one, so that the owner need remember a connection only once.
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

    /// <summary>
    /// Puts a block into the outbox, on the owner's loop, to be read when it can be sent. Returns as <see cref="Send"/> does.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Limits.MaxQueuedUploads"/> wait already, which the owner is to see to.
    /// </exception>
    public bool SendBlock(BlockRange block)
    {
        if (IsClosing)
            return false;
        if (!_outbox.TryAdd(block))
            throw new InvalidOperationException($"More than {Limits.MaxQueuedUploads} blocks were put into one outbox.");
        return MarkForFlush();
    }

    /// <summary>Takes a block back out of the outbox; false if it has left it.</summary>
    public bool CancelBlock(BlockRange block) => _outbox.Cancel(block);

    /// <summary>Takes all blocks back out of the outbox, and adds them to a list.</summary>
    public void CancelBlocks(List<BlockRange> cancelled) => _outbox.CancelAll(cancelled);

    /// <summary>Lets what is in the outbox leave. Meant to be called once for all that a turn of the owner's loop has to send.</summary>
    public void Flush()
    {
        if (!_needsFlush)
            return;
        _needsFlush = false;
        _writing.Wake();
    }

    /// <summary>Ends the connection, on the owner's loop, which hears nothing more of it.</summary>
    public void Close(DisconnectReason reason, string? detail = null)
    {
        _isClosedByOwner = true;
        Stop(reason, detail);
    }

    /// <summary>
    /// Ends the connection because the network under it is not what it was: nothing more is to be sent, not even what the system has been
    /// given. The owner hears of it.
    /// </summary>
    public void Cut(string detail) => Stop(DisconnectReason.NetworkError, detail, forgetsUnsent: true);

    /// <summary>Ends the connection if the peer has not taken what was sent to it for long. To be called every few seconds.</summary>
    public void CheckStall(Timestamp now)
    {
        if (_writing.SendBegan is { } began && now - began > TimeSpan.FromSeconds(ConnectionLimits.SendTimeoutSeconds))
            Stop(DisconnectReason.TimedOut, "the peer does not read what we send");
    }

    /// <summary>Hands over to the owner what has happened.</summary>
    void ILoopItem.Run()
    {
        Interlocked.Exchange(ref _isPosted, 0);

        // Looked at first: what the loops have left is then there to be taken.
        bool hasEnded = _hasEnded;
        try
        {
            DeliverMessages();
            DeliverUploads();
        }
        catch (Exception e)
        {
            // The owner's bug, or ours. What the peer sent may bring it about again, and the connection may have lost messages.
            Stop(DisconnectReason.NetworkError, "an error of our own: " + e.Message);
            throw;
        }
        finally
        {
            if (hasEnded)
                Finish();
        }
    }

    /// <summary>There is something for the owner. Called by the loops.</summary>
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
#pragma warning disable CA1031 // Always a bug of ours. It is to cost this connection, and to be told, not to leave it half alive.
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
