namespace Freshet.Core.Utp;

/// <summary>How a <see cref="UtpMachine{TAddress}"/> is to be.</summary>
internal sealed record UtpMachineOptions
{
    /// <summary>The most connections, those that are opening or closing counted.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Whether others may connect.</summary>
    public bool AcceptsIncoming { get; init; } = true;

    /// <summary>Bytes that are put before each packet on its way, as by a proxy: so much shorter are the longest.</summary>
    public int Overhead { get; init; }

    /// <summary>Up to 64 bytes that nobody can guess; see <see cref="SynCookies"/>.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }
}
