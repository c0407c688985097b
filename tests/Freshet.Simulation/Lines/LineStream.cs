using Freshet.Core.Utp;

namespace Freshet.Simulation.Lines;

/// <summary>
/// The application on a connection: sends a stream in which each byte follows from its position, and verifies every received byte.
/// </summary>
internal sealed class LineStream(LineHost host) : IUtpStream
{
    private const int Period = 251;
    private static readonly byte[] Pattern = [.. Enumerable.Range(0, 64 * Period).Select(static i => (byte)(i % Period))];

    private long _toSend;
    private long _sent;

    public UtpConnection Connection { get; private set; } = null!;

    /// <summary>Bytes that were received, all of them correct.</summary>
    public long Received { get; private set; }

    /// <summary>Whether received bytes wait to be read.</summary>
    public bool IsStalled { get; set; }

    public int Unread { get; private set; }

    /// <summary>The maximum number of bytes that its reader can take.</summary>
    public int MostUnread { get; set; } = int.MaxValue;

    /// <summary>What the reader does, on its thread, right after <see cref="MostUnread"/> was asked for here.</summary>
    public Action? OnAsked { get; set; }

    int IUtpStream.MostUnread
    {
        get
        {
            int most = MostUnread;
            OnAsked?.Invoke();
            return most;
        }
    }

    public int Unsent => (int)Math.Min(_toSend - _sent, UtpLimits.MaxUnsent);

    public bool IsConnected { get; private set; }

    public bool HasEndOfStream { get; private set; }

    public UtpEnd? End { get; private set; }

    public void Open(UtpConnection connection) => Connection = connection;

    public void Send(long bytes)
    {
        _toSend += bytes;
        host.Touch(Connection);
    }

    /// <summary>Reads everything that waits.</summary>
    public void Read()
    {
        Unread = 0;
        host.Touch(Connection);
    }

    public void Close()
    {
        Connection.Close(host.Now);
        host.Touch(Connection);
    }

    public int Take(Span<byte> destination)
    {
        int length = Math.Min(destination.Length, Unsent);
        Expected(_sent, length).CopyTo(destination);
        _sent += length;
        return length;
    }

    public void Deliver(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.SequenceEqual(Expected(Received, bytes.Length)))
            throw new SimFailureException($"Byte {Received} or one of the next {bytes.Length} is not what was sent.");
        Received += bytes.Length;
        if (IsStalled)
            Unread += bytes.Length;
    }

    public void OnConnected() => IsConnected = true;

    public void OnEndOfStream() => HasEndOfStream = true;

    public void OnEnded(UtpEnd end)
    {
        if (End is not null)
            throw new SimFailureException("A connection ended twice.");
        End = end;
    }

    public void OnBatchEnd()
    {
    }

    private static ReadOnlySpan<byte> Expected(long at, int length) => Pattern.AsSpan((int)(at % Period), length);
}
