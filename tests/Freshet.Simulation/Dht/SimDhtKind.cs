namespace Freshet.Simulation.Dht;

/// <summary>How a simulated node of the DHT behaves.</summary>
internal enum SimDhtKind
{
    Honest,

    /// <summary>It is in the routing tables of others, and never answers.</summary>
    Silent,

    /// <summary>
    /// It names nodes close to whatever is searched for, some of them accomplices and most of them nonexistent, and peers that do not
    /// exist.
    /// </summary>
    Liar,

    /// <summary>
    /// It takes an id close to whatever is searched for, and names others of its kind there, which answer with those ids.
    /// </summary>
    Sybil,

    /// <summary>The same, but no closer than the closest honest nodes are likely to be, so that its id is not suspicious.</summary>
    CautiousSybil,

    /// <summary>
    /// The same, and half of them answer with the ids by which everybody knows them, and name the others: nothing speaks against either.
    /// </summary>
    OrganizedSybil,

    /// <summary>It sends back what it receives.</summary>
    Reflector,

    /// <summary>It answers with the id of another node and lists of odd length.</summary>
    Garbler,
}
