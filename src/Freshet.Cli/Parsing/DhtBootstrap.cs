using System.Collections.Immutable;
using System.CommandLine;

namespace Freshet.Cli.Parsing;

/// <summary>The DHT bootstrap nodes: from the command line, otherwise from the environment, otherwise well-known ones.</summary>
internal static class DhtBootstrap
{
    /// <summary>Hosts separated by commas; empty for none.</summary>
    public const string Variable = "FRESHET_DHT_BOOTSTRAP";

    public static Option<HostPort[]> Option() =>
        Values.PeersOption("--dht-bootstrap", "A DHT bootstrap node, instead of the public ones; repeatable.");

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
