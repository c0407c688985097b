using Freshet.Interop.Clients;

namespace Freshet.Throughput;

/// <summary>What the command line asks for.</summary>
/// <param name="Runs">How often each is measured.</param>
/// <param name="SizeMiB">Length of the data.</param>
/// <param name="Seeds">How many there are in a swarm.</param>
/// <param name="Leechers">How many one seed feeds.</param>
/// <param name="Only">The clients to measure; empty for all.</param>
/// <param name="WorkFolder">Where the data lies; null for a place in memory if there is one.</param>
internal sealed record BenchOptions(int Runs, int SizeMiB, int Seeds, int Leechers, IReadOnlyList<ClientKind> Only, string? WorkFolder)
{
    public const int PieceLength = 1024 * 1024;

    public long Length => SizeMiB * 1024L * 1024;

    public bool Wants(ClientKind kind) => Only.Count == 0 || Only.Contains(kind);
}
