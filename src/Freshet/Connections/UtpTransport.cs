using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Freshet.Core.Peers;
using Freshet.Core.Utp;
using Freshet.Loops;

namespace Freshet.Connections;

/// <summary>
/// A transport over uTP. Its connection belongs to the socket's loop; bytes pass through two <see cref="UtpPipe"/>s, so that readers and
/// writers stay on their own threads and are woken once for each batch of datagrams.
/// </summary>
internal sealed class UtpTransport : ITransport, IUtpStream
{
    private const int None = 0;
    private const int Closing = 1;
    private const int Resetting = 2;

    private readonly UtpProtocol _protocol;
    private readonly UtpPipe _incoming = new();
    private readonly UtpPipe _outgoing = new();
    private readonly AsyncSignal _readable = new();
    private readonly AsyncSignal _writable = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile UtpConnection? _connection;
    private volatile bool _hasEnded;
    private volatile bool _isAtEnd;
    private volatile bool _isWriterWaiting;
    private volatile int _mostUnread = int.MaxValue;
    private SocketError _failure;
    private int _ending;
    private int _isTouched;
    private bool _hasNews;

    public UtpTransport(UtpProtocol protocol, IPEndPoint local, IPEndPoint remote)
    {
        _protocol = protocol;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
    }

    public IPEndPoint LocalEndPoint { get; }

    public IPEndPoint RemoteEndPoint { get; }

    public PeerWay Way => new(PeerTransport.Utp, PeerEncryption.None);

    public TimeSpan? RoundTrip => _connection?.RoundTrip is { Ticks: > 0 } known ? known : null;

    /// <summary>Completes when the peer has answered.</summary>
    /// <exception cref="SocketException">The peer refuses or does not answer.</exception>
    public Task Connected => _connected.Task;

    int IUtpStream.Unread => _incoming.Length;

    int IUtpStream.MostUnread => _mostUnread;

    int IUtpStream.Unsent => _outgoing.Length;

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) =>
        TryReceive(buffer, out int count) ? ValueTask.FromResult(count) : WaitAndReceiveAsync(buffer);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer) =>
        TrySend(buffer, out int count) ? ValueTask.FromResult(count) : WaitAndSendAsync(buffer);

    public void LimitUnread(int bytes)
    {
        if (_mostUnread == bytes)
            return;
        _mostUnread = bytes;
        TellWindow();
    }

    // Received data is acknowledged at the end of its batch anyway.
    public void AcknowledgeNow()
    {
    }

    public void Abort() => End(Closing);

    public void Reset() => End(Resetting);

    public void Dispose() => Abort();

    /// <summary>Sets the connection, on the socket's loop; null if none can be made.</summary>
    public void Open(UtpConnection? connection)
    {
        _connection = connection;
        if (connection is null)
            ((IUtpStream)this).OnEnded(UtpEnd.TimedOut);
        else if (connection.IsConnected)
            _connected.TrySetResult();
        if (Volatile.Read(ref _ending) != None)
            _protocol.Touch(this);
    }

    /// <summary>Whether to queue the transport for the loop; true once until the loop has run it.</summary>
    public bool TryMarkTouched() => Interlocked.Exchange(ref _isTouched, 1) == 0;

    /// <summary>Does what is pending, on the socket's loop.</summary>
    public UtpConnection? OnTouched(Core.Rates.Timestamp now)
    {
        Interlocked.Exchange(ref _isTouched, 0);
        if (_connection is not { HasEnded: false } connection)
            return null;
        switch (Volatile.Read(ref _ending))
        {
            case Closing:
                connection.Close(now);
                break;
            case Resetting:
                connection.Abort(now);
                break;
        }

        return connection;
    }

    int IUtpStream.Take(Span<byte> destination) => _outgoing.Read(destination);

    void IUtpStream.Deliver(ReadOnlySpan<byte> bytes)
    {
        if (Volatile.Read(ref _ending) != None)
            return;
        _incoming.Write(bytes);
        _hasNews = true;
    }

    void IUtpStream.OnConnected() => _connected.TrySetResult();

    void IUtpStream.OnEndOfStream()
    {
        _isAtEnd = true;
        _hasNews = true;
    }

    void IUtpStream.OnEnded(UtpEnd end)
    {
        _failure = end switch
        {
            UtpEnd.Refused => SocketError.ConnectionRefused,
            UtpEnd.Reset => SocketError.ConnectionReset,
            UtpEnd.TimedOut => SocketError.TimedOut,
            _ => SocketError.OperationAborted,
        };
        _hasEnded = true;
        _connected.TrySetException(new SocketException((int)_failure));
        _ = _connected.Task.Exception;
        WakeAll();
    }

    void IUtpStream.OnBatchEnd()
    {
        if (_hasNews)
        {
            _hasNews = false;
            _readable.Set();
        }

        if (_isWriterWaiting && _outgoing.Length <= UtpLimits.MaxUnsent / 2)
        {
            _isWriterWaiting = false;
            _writable.Set();
        }
    }

    private bool TryReceive(Memory<byte> buffer, out int count)
    {
        // Read in the opposite order to that in which they are set, so that no bytes before an end are missed.
        bool hasEnded = _hasEnded;
        bool isAtEnd = _isAtEnd;
        count = 0;
        if (Volatile.Read(ref _ending) != None)
            throw new SocketException((int)SocketError.OperationAborted);
        if (buffer.IsEmpty ? _incoming.Length > 0 : (count = _incoming.Read(buffer.Span)) > 0)
        {
            if (count > 0)
                TellWindow();
            return true;
        }

        if (hasEnded && !isAtEnd)
            throw new SocketException((int)_failure);
        return isAtEnd;
    }

    private bool TrySend(ReadOnlyMemory<byte> buffer, out int count)
    {
        if (_hasEnded || Volatile.Read(ref _ending) != None)
            throw new SocketException((int)(_hasEnded ? _failure : SocketError.OperationAborted));
        count = Math.Min(buffer.Length, UtpLimits.MaxUnsent - _outgoing.Length);
        if (count <= 0)
            return buffer.IsEmpty;
        _outgoing.Write(buffer.Span[..count]);
        _protocol.Touch(this);
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAndReceiveAsync(Memory<byte> buffer)
    {
        while (true)
        {
            await _readable.WaitAsync().ConfigureAwait(false);
            if (TryReceive(buffer, out int count))
                return count;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAndSendAsync(ReadOnlyMemory<byte> buffer)
    {
        while (true)
        {
            _isWriterWaiting = true;
            if (TrySend(buffer, out int count))
            {
                _isWriterWaiting = false;
                return count;
            }

            await _writable.WaitAsync().ConfigureAwait(false);
        }
    }

    // The loop does the same in the opposite order (see UtpConnection), so that one of both sees that the peer is to be told.
    private void TellWindow()
    {
        Interlocked.MemoryBarrier();
        if (_connection is { IsWindowNews: true })
            _protocol.Touch(this);
    }

    private void End(int how)
    {
        if (Interlocked.CompareExchange(ref _ending, how, None) != None)
            return;
        WakeAll();
        _protocol.Touch(this);
    }

    private void WakeAll()
    {
        _readable.Set();
        _writable.Set();
    }
}
