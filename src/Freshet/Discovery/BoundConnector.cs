using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// Makes HTTP connections: from the session's binding, over one family or any, and only to permitted addresses. A host without a permitted
/// address causes a <see cref="ForbiddenAddressException"/>. A proxy, if there is one, gets the name unresolved.
/// </summary>
internal sealed class BoundConnector(NetworkBinding binding, TimeSpan patience)
{
    /// <summary>The family to connect over, or <see cref="AddressFamily.Unspecified"/> for any.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.Unspecified;

    /// <summary>Which addresses may be connected to.</summary>
    public AddressReach Reach { get; init; } = AddressReach.Everywhere;

    /// <summary>What resolves names; null to resolve them for each connection.</summary>
    public NameCache? Names { get; init; }

    /// <summary>The proxy that all connections go through; null for none.</summary>
    public ProxyDialer? Proxy { get; init; }

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        CancellationToken untilLost = Proxy?.UntilLost ?? binding.UntilLost;
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, untilLost);
        try
        {
            Socket socket = Proxy is null
                ? await ConnectAsync(context.DnsEndPoint, either.Token).ConfigureAwait(false)
                : await ConnectAsync(Proxy, context.DnsEndPoint, either.Token).ConfigureAwait(false);
            return new BoundStream(socket, untilLost);
        }
        catch (OperationCanceledException) when (untilLost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.AddressNotAvailable);
        }
    }

    private static ValueTask<Socket> ConnectAsync(ProxyDialer proxy, DnsEndPoint server, CancellationToken cancellationToken)
    {
        EndPoint target = IPAddress.TryParse(server.Host, out IPAddress? literal) ? new IPEndPoint(literal, server.Port) : server;
        return proxy.ConnectAsync(target, cancellationToken);
    }

    private async ValueTask<Socket> ConnectAsync(DnsEndPoint server, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = Names is null
            ? await binding.Names.ResolveAsync(server.Host, cancellationToken).ConfigureAwait(false)
            : await Names.ResolveAsync(server.Host, cancellationToken).ConfigureAwait(false);
        IPAddress[] within = Array.FindAll(addresses, address => Reach.Includes(AddressScopes.Of(address)));
        if (within.Length == 0 && addresses.Length > 0)
            throw new ForbiddenAddressException(addresses[0]);
        HostDialer dialer = new(binding, patience) { Family = Family };
        try
        {
            return await dialer.ConnectAsync(within, server.Port, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not SocketException { SocketErrorCode: SocketError.AddressFamilyNotSupported })
        {
            Names?.Forget(server.Host);
            throw;
        }
    }
}
