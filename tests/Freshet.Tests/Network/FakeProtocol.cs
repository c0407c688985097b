using System.Collections.Concurrent;
using Freshet.Core.Rates;
using Freshet.Network;

namespace Freshet.Tests.Network;

/// <summary>A protocol whose datagrams begin with a letter of its own; it keeps what it receives.</summary>
internal sealed class FakeProtocol(char first) : IDatagramProtocol
{
    public ConcurrentQueue<(byte[] Datagram, UdpAddress Sender)> Received { get; } = new();

    public ConcurrentQueue<Timestamp> Deadlines { get; } = new();

    public int Batches { get; private set; }

    public Timestamp NextDeadline { get; set; } = Timestamp.Never;

    /// <summary>Called on the loop with each datagram, instead of keeping it.</summary>
    public Action<byte, UdpAddress>? OnReceived { get; set; }

    public bool Claims(ReadOnlySpan<byte> datagram, UdpAddress sender) => !datagram.IsEmpty && datagram[0] == first;

    public void OnDatagram(ReadOnlySpan<byte> datagram, UdpAddress sender, Timestamp now)
    {
        if (OnReceived is not null)
            OnReceived(datagram[^1], sender);
        else
            Received.Enqueue((datagram.ToArray(), sender));
    }

    public void OnBatchEnd(Timestamp now) => Batches++;

    public void OnDeadline(Timestamp now)
    {
        Deadlines.Enqueue(now);
        NextDeadline = Timestamp.Never;
    }
}
