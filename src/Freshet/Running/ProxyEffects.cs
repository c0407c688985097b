using Freshet.Core.Wire.Proxies;

namespace Freshet.Running;

/// <summary>What does not go through a proxy, and is therefore off in a session that uses it.</summary>
internal static class ProxyEffects
{
    /// <summary>What a proxy turns off of a session's options, for people; null if there is no proxy, or it turns nothing off.</summary>
    public static string? Of(SessionOptions options)
    {
        if (options.Proxy is not { } proxy)
            return null;
        string[] off = [.. All(options, proxy).Where(static part => part.IsOff).Select(static part => part.Words)];
        return off.Length == 0 ? null : $"Through the proxy {proxy} alone go {WordsOf(proxy.Uses)}: {Join(off)} off.";
    }

    private static (bool IsOff, string Words)[] All(SessionOptions options, ProxyOptions proxy)
    {
        bool hasPeers = (proxy.Uses & ProxyUses.Peers) != 0;
        bool hasUdp = proxy.Kind == ProxyKind.Socks5;
        return
        [
            (hasPeers, "incoming connections"),
            (hasPeers && options.LocalDiscovery, "local discovery"),
            (hasPeers && options.PortMapping, "port mapping"),
            (hasPeers && !hasUdp && options.Utp != UtpMode.Off, "uTP"),
            ((proxy.Uses & ProxyUses.Dht) != 0 && !hasUdp && options.Dht is not null, "the DHT"),
            ((proxy.Uses & ProxyUses.Trackers) != 0 && !hasUdp, "UDP trackers"),
        ];
    }

    private static string WordsOf(ProxyUses uses)
    {
        (ProxyUses Use, string Words)[] all =
            [(ProxyUses.Peers, "peers"), (ProxyUses.Trackers, "trackers"), (ProxyUses.WebSeeds, "web seeds"), (ProxyUses.Dht, "the DHT")];
        return uses == ProxyUses.All
            ? "all connections"
            : And([.. all.Where(known => (uses & known.Use) != 0).Select(static known => known.Words)]);
    }

    private static string Join(string[] off) => $"{And(off)} {(off.Length == 1 && off[0] is "uTP" or "the DHT" ? "is" : "are")}";

    private static string And(string[] words) =>
        words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} and {words[^1]}";
}
