using System.Security.Cryptography;
using Freshet.Core.Utp;
using Freshet.Core.Wire.Proxies;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>A UDP port, any, from which peers are connected to over uTP without a session.</summary>
internal sealed class ProbePort : IAsyncDisposable
{
    // One after the other, of which those before may still be closing.
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

    /// <summary>Connects from it.</summary>
    public IConnector Connector { get; }

    /// <summary>Opens one; null if peers are reached through a proxy that carries no UDP.</summary>
    public static async Task<ProbePort?> OpenAsync(NetworkWays network, CancellationToken cancellationToken)
    {
        if (network.CreateUdp(ProxyUses.Peers, new UdpMuxOptions { Binding = network.Own }) is not { } mux)
            return null;
        ProbePort port = new(mux, network);
        try
        {
            // Why a proxy does not relay is said by each connection.
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
