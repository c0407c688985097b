using System.Security.Cryptography;
using Freshet.Core.Utp;
using Freshet.Core.Wire.Proxies;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>An arbitrary UDP port for uTP connections to peers without a session.</summary>
internal sealed class ProbePort : IAsyncDisposable
{
    // Connections are made one after the other, and earlier ones may still be closing.
    private const int MaxConnections = 16;

    private readonly UdpMux _mux;
    private readonly UtpProtocol _utp;

    private ProbePort(UdpMux mux, NetworkWays network)
    {
        _mux = mux;
        UtpMachineOptions options = new()
        {
            MaxConnections = MaxConnections,
            AcceptsIncoming = false,
            Overhead = mux.Names is null ? 0 : Socks5Datagram.AddressHeader,
            Secret = RandomNumberGenerator.GetBytes(32),
        };
        _utp = new UtpProtocol(mux, options, Random.Shared, TimeProvider.System);
        _utp.Start();
        Connector = new UtpConnector(network.BindingFor(ProxyUses.Peers), () => _utp, TimeProvider.System);
    }

    /// <summary>Connects from this port.</summary>
    public IConnector Connector { get; }

    /// <summary>Opens a port; null if peers are reached through a proxy that carries no UDP.</summary>
    public static async Task<ProbePort?> OpenAsync(NetworkWays network, CancellationToken cancellationToken)
    {
        if (network.CreateUdp(ProxyUses.Peers, new UdpMuxOptions { Binding = network.Own }) is not { } mux)
            return null;
        ProbePort port = new(mux, network);
        try
        {
            // If a proxy does not relay, each connection reports why.
            await mux.WhenOpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await port.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return port;
    }

    public async ValueTask DisposeAsync()
    {
        await _utp.DisposeAsync().ConfigureAwait(false);
        await _mux.DisposeAsync().ConfigureAwait(false);
    }
}
