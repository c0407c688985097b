using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>A transport on top of another, which it owns. By default every call is passed through.</summary>
internal abstract class LayeredTransport(ITransport below) : ITransport
{
    public IPEndPoint LocalEndPoint => Below.LocalEndPoint;

    public IPEndPoint RemoteEndPoint => Below.RemoteEndPoint;

    public virtual PeerWay Way => Below.Way;

    public TimeSpan? RoundTrip => Below.RoundTrip;

    /// <summary>The transport below.</summary>
    protected ITransport Below { get; } = below;

    public virtual ValueTask<int> ReceiveAsync(Memory<byte> buffer) => Below.ReceiveAsync(buffer);

    public virtual ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer) => Below.SendAsync(buffer);

    public void LimitUnread(int bytes) => Below.LimitUnread(bytes);

    public void AcknowledgeNow() => Below.AcknowledgeNow();

    public virtual void Abort() => Below.Abort();

    public virtual void Reset() => Below.Reset();

    public virtual void Dispose() => Below.Dispose();
}
