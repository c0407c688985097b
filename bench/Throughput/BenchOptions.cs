using Freshet.Interop.Clients;

namespace Freshet.Throughput;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    /// <summary>How often each is measured.</summary>
    public int Runs { get; init; } = 3;

    /// <summary>Length of the data.</summary>
    public int SizeMiB { get; init; } = 2048;

    /// <summary>Length of a piece.</summary>
    public int PieceKiB { get; init; } = 1024;

    /// <summary>How many seeds there are in a swarm.</summary>
    public int Seeds { get; init; } = 50;

    /// <summary>How many leechers one seed feeds.</summary>
    public int Leechers { get; init; } = 8;

    /// <summary>The line between the two clients of a transfer; null for the machine's loopback as it is.</summary>
    public Line? Line { get; init; }

    /// <summary>Processes that keep the machine busy meanwhile.</summary>
    public int Busy { get; init; }

    /// <summary>Whether a seed's data is not in the page cache when it is asked for.</summary>
    public bool IsCold { get; init; }

    /// <summary>The clients to measure; empty for all.</summary>
    public IReadOnlyList<ClientKind> Only { get; init; } = [];

    /// <summary>Where the data lies; null for a place in memory if there is one.</summary>
    public string? WorkFolder { get; init; }

    /// <summary>The file to draw the rates to; null for none.</summary>
    public string? Picture { get; init; }

    public int PieceLength => PieceKiB * 1024;

    public long Length => SizeMiB * 1024L * 1024;

    public bool Wants(ClientKind kind) => Only.Count == 0 || Only.Contains(kind);
}
