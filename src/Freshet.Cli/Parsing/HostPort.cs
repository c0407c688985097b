using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Cli.Parsing;

/// <summary>A peer as users write it: <c>example.org:6881</c>, <c>10.0.0.1:6881</c>, <c>[::1]:6881</c>.</summary>
internal readonly record struct HostPort(string Host, int Port)
{
    public static bool TryParse([NotNullWhen(true)] string? text, out HostPort value)
    {
        value = default;
        int colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !TryParsePort(text.AsSpan(colon + 1), out int port) || port == 0)
            return false;
        string host = text![..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (bracketed)
            host = host[1..^1];

        // Without brackets, it is ambiguous where an IPv6 address ends and the port begins.
        bool isV6 = host.Contains(':', StringComparison.Ordinal);
        if (isV6 != bracketed || (isV6 && !IPAddress.TryParse(host, out _)) || Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return false;
        value = new HostPort(host, port);
        return true;
    }

    /// <summary>Parses an address with its port; names are not resolved. Port 0 lets the system choose.</summary>
    public static bool TryParseAddress([NotNullWhen(true)] string? text, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        int colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !TryParsePort(text.AsSpan(colon + 1), out int port))
            return false;
        string host = text![..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!IPAddress.TryParse(bracketed ? host[1..^1] : host, out IPAddress? address)
            || (address.AddressFamily == AddressFamily.InterNetworkV6) != bracketed)
            return false;
        endPoint = new IPEndPoint(address, port);
        return true;
    }

    /// <summary>Resolves the host to its addresses, in the order in which they should be tried.</summary>
    /// <param name="access">The network access that will be used: only addresses that it can reach are returned.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IPEndPoint[]> ResolveAsync(NetworkAccess access, CancellationToken cancellationToken)
    {
        int port = Port;
        if (access.Proxy?.Uses.HasFlag(ProxyUses.Peers) == true && !IPAddress.TryParse(Host, out _))
            throw new CliException($"The name {Host} would be looked up around the proxy.", "Give the peer's address.");
        try
        {
            ImmutableArray<IPAddress> addresses =
                await HostResolver.ResolveAsync(Host, access, cancellationToken).ConfigureAwait(false);
            return [.. addresses.Select(found => new IPEndPoint(found, port))];
        }
        catch (FreshetException e)
        {
            throw new CliException(e.Message, "Check its name, or give its address.", e);
        }
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static bool TryParsePort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort;
}
