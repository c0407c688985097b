namespace Freshet.Core.Dht.Krpc;

/// <summary>Of which families nodes are wanted (BEP 32, <c>want</c>).</summary>
[Flags]
internal enum AddressFamilies
{
    /// <summary>It was not said: that of the query's own transport.</summary>
    None = 0,

    V4 = 1,
    V6 = 2,
}
