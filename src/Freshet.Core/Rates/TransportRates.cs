namespace Freshet.Core.Rates;

/// <summary>What a session's connections transfer in one direction, in bytes of blocks per second.</summary>
/// <param name="Tcp">All TCP connections together.</param>
/// <param name="Utp">All uTP connections together.</param>
internal readonly record struct TransportRates(double Tcp, double Utp)
{
    public double Sum => Tcp + Utp;

    public static TransportRates operator +(TransportRates left, TransportRates right) =>
        new(left.Tcp + right.Tcp, left.Utp + right.Utp);

    public static TransportRates operator /(TransportRates rates, double by) => new(rates.Tcp / by, rates.Utp / by);
}
