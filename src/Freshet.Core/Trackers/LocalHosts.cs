using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Core.Trackers;

/// <summary>Which hosts of URLs are plainly not on the internet, before any name is looked up.</summary>
internal static class LocalHosts
{
    // Not in the public domain name system: RFC 6761, RFC 6762, RFC 8375, and what ICANN has set aside or local networks use.
    private static readonly string[] Suffixes =
        ["localhost", "local", "test", "home.arpa", "internal", "intranet", "private", "corp", "home", "lan", "localdomain"];

    /// <summary>Whether a host is an address that is not public, or a name that only a local network or this machine can know.</summary>
    public static bool Contains(string host)
    {
        string name = host.Trim('[', ']').TrimEnd('.');
        if (IPAddress.TryParse(name, out IPAddress? address))
            return AddressScopes.Of(address) != AddressScope.Public;
        return !name.Contains('.', StringComparison.Ordinal) || Array.Exists(Suffixes, suffix => EndsIn(name, suffix));
    }

    private static bool EndsIn(string name, string suffix) =>
        name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && (name.Length == suffix.Length || name[^(suffix.Length + 1)] == '.');
}
