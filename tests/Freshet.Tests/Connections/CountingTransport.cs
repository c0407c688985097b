using System.Net;
using Freshet.Connections;
using Freshet.Core.Peers;

namespace Freshet.Tests.Connections;

/// <summary>A transport that counts how often it was told to acknowledge, and remembers how much may wait to be received.</summary>
internal sealed class CountingTransport(ITransport inner) : ITransport
{
    private int _acknowledgements;
    private volatile int _mostUnread = int.MaxValue;

    public int Acknowledgements => Volatile.Read(ref _acknowledgements);

    public int MostUnread => _mostUnread;

    public IPEndPoint LocalEndPoint => inner.LocalEndPoint;

    public IPEndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public PeerWay Way => inner.Way;

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => inner.ReceiveAsync(buffer);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer) => inner.SendAsync(buffer);

    public void LimitUnread(int bytes) => _mostUnread = bytes;

    public void AcknowledgeNow()
    {
        inner.AcknowledgeNow();
        Interlocked.Increment(ref _acknowledgements);
    }

    public void Abort() => inner.Abort();

    public void Reset() => inner.Reset();

    public void Dispose() => inner.Dispose();
}
