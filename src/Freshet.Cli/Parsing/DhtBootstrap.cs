using System.Collections.Immutable;
using System.CommandLine;

namespace Freshet.Cli.Parsing;

/// <summary>Where the DHT begins: what the command line names, else what the environment does, else well-known nodes.</summary>
internal static class DhtBootstrap
{
    /// <summary>Hosts with commas between; empty for none.</summary>
    public const string Variable = "FRESHET_DHT_BOOTSTRAP";

    public static Option<HostPort[]> Option() =>
        Values.PeersOption("--dht-bootstrap", "A DHT node to begin from, instead of those that serve everybody; repeatable.");

    public static ImmutableArray<string> Of(HostPort[]? named)
    {
        if (named is { Length: > 0 })
            return [.. named.Select(static host => host.ToString())];
        return Environment.GetEnvironmentVariable(Variable) is { } hosts
            ? [.. hosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Read)]
            : DhtOptions.WellKnownBootstrap;
    }

    private static string Read(string host) => HostPort.TryParse(host, out _)
        ? host
        : throw new CliException($"{Variable} has '{host}', which is not a host with its port.", "Write it as example.org:6881.");
}
