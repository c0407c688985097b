using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Freshet.Tracker.Http;

/// <summary>
/// The client's address: that of the connection or, behind a trusted proxy, the one that the proxy reports. Each proxy appends to
/// <c>X-Forwarded-For</c>, and the client itself may have written its beginning: so it is read from the end, as long as the proxies are
/// trusted.
/// </summary>
internal static class AskerAddress
{
    public static IPAddress Of(IPAddress connection, HttpRequest request, TrackerOptions options)
    {
        IPAddress asker = Plain(connection);
        if (options.TrustedProxies.IsDefaultOrEmpty || !IsIn(asker, options.TrustedProxies))
            return asker;
        string[] forwarded = [.. request.Headers["X-Forwarded-For"].SelectMany(header => (header ?? "").Split(','))];
        for (int i = forwarded.Length - 1; i >= 0 && IsIn(asker, options.TrustedProxies); i--)
        {
            if (!TryRead(forwarded[i].Trim(), out IPAddress? named))
                break;
            asker = Plain(named);
        }

        return asker;
    }

    public static bool IsIn(IPAddress address, ImmutableArray<IPNetwork> networks)
    {
        if (networks.IsDefaultOrEmpty)
            return false;
        foreach (IPNetwork network in networks)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }

    // Some proxies add the port.
    private static bool TryRead(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        if (IPAddress.TryParse(text, out address))
            return true;
        address = IPEndPoint.TryParse(text, out IPEndPoint? endPoint) ? endPoint.Address : null;
        return address is not null;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
