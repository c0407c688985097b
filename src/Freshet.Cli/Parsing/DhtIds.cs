using System.CommandLine;

namespace Freshet.Cli.Parsing;

/// <summary>Whether the ids of other DHT nodes are checked.</summary>
internal static class DhtIds
{
    public static Option<bool> Option() => new("--dht-enforce-ids")
    {
        Description = "Accept only DHT nodes whose id matches their address (BEP 42).",
    };
}
