using System.Net;
using Freshet.Connections;
using Freshet.Core.Peers;

namespace Freshet.Tests.Connections;

/// <summary>Connects as the test says, and remembers what it was asked for.</summary>
internal sealed class FakeConnector(PeerTransport transport, Func<CancellationToken, Task<ITransport>> connect) : IConnector
{
    public PeerTransport Transport => transport;

    public List<EndPoint> Targets { get; } = [];

    public async ValueTask<ITransport> ConnectAsync(EndPoint target, CancellationToken cancellationToken)
    {
        Targets.Add(target);
        return await connect(cancellationToken);
    }
}
