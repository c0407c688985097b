namespace Freshet.Core.Utp;

/// <summary>The settings of a <see cref="UtpMachine{TAddress}"/>.</summary>
internal sealed record UtpMachineOptions
{
    /// <summary>The most connections, including those that are opening or closing.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Whether peers may connect to us.</summary>
    public bool AcceptsIncoming { get; init; } = true;

    /// <summary>Bytes that are prepended to each packet on its way, for example by a proxy; they reduce the longest packet.</summary>
    public int Overhead { get; init; }

    /// <summary>Up to 64 unpredictable bytes; see <see cref="SynCookies"/>.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }
}
