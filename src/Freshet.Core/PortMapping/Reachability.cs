using System.Globalization;
using Freshet.Core.Peers;

namespace Freshet.Core.PortMapping;

/// <summary>
/// The port check: draws conclusions from incoming connections and from what the router reports. No external service is used, since that
/// would tell a stranger where we are.
/// </summary>
internal static class Reachability
{
    // Long enough for a quiet torrent, and short enough to notice a replaced router.
    private static readonly TimeSpan Lately = TimeSpan.FromHours(1);

    /// <summary>The status of a session that reaches its peers through a proxy.</summary>
    public static ReachabilityStatus BehindProxy { get; } = new()
    {
        IsReachable = false,
        Reason = "peers are reached through a proxy, by which none can connect to us",
    };

    /// <param name="lastIncoming">The time since a peer with a public address last connected; null if none has.</param>
    /// <param name="mapping">What the router reports; null if it is not asked.</param>
    public static ReachabilityStatus Of(TimeSpan? lastIncoming, PortMappingStatus? mapping)
    {
        (bool? isReachable, string reason) = lastIncoming is { } ago
            ? (ago <= Lately ? true : null, $"a peer on the internet connected {Words(ago)} ago")
            : WithoutPeer(mapping);
        return new ReachabilityStatus { IsReachable = isReachable, Reason = reason, LastIncoming = lastIncoming };
    }

    private static (bool?, string) WithoutPeer(PortMappingStatus? mapping)
    {
        const string None = "no peer on the internet has connected yet";
        return mapping switch
        {
            { TcpPort: { } port, ExternalAddress: { } address } when AddressScopes.Of(address) != AddressScope.Public =>
                (false, Text($"the router leads its port {port} to us, but its own address {address} is not public: ")
                    + "another router stands between it and the internet"),
            { TcpPort: { } port } => (null, Text($"{None}; the router leads its port {port} to us")),
            { Trouble: { } trouble } => (null, $"{None}; {trouble}"),
            _ => (null, None),
        };
    }

    private static string Words(TimeSpan ago) => ago switch
    {
        { TotalMinutes: < 2 } => "a moment",
        { TotalHours: < 2 } => Text($"{(int)ago.TotalMinutes} minutes"),
        { TotalDays: < 2 } => Text($"{(int)ago.TotalHours} hours"),
        _ => Text($"{(int)ago.TotalDays} days"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
