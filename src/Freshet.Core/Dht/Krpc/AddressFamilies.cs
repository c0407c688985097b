namespace Freshet.Core.Dht.Krpc;

/// <summary>The address families for which nodes are wanted (BEP 32, <c>want</c>).</summary>
[Flags]
internal enum AddressFamilies
{
    /// <summary>Not specified: the family of the query's own transport.</summary>
    None = 0,

    V4 = 1,
    V6 = 2,
}
