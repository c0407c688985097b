namespace Freshet.Core.Dht.Searching;

/// <summary>How certain it is that a node's id was not chosen for being next to the target of a lookup, the least certain first.</summary>
internal enum IdTrust
{
    /// <summary>
    /// It is so close to the target that in a network of this size hardly any node is by chance; or only such nodes have named it, and
    /// those that answered with another id than the one that they were named by.
    /// </summary>
    Doubtful,

    /// <summary>Nothing speaks for it or against it.</summary>
    Plausible,

    /// <summary>It follows from the node's address (BEP 42), or is not known yet.</summary>
    Secure,
}
