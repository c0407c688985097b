namespace Freshet.Daemon.Countries;

/// <summary>What a value in a MaxMind DB is (specification 2.0, "Data Field Format").</summary>
internal enum MaxMindType
{
    Pointer = 1,
    Text = 2,
    Double = 3,
    Bytes = 4,
    UInt16 = 5,
    UInt32 = 6,
    Map = 7,
    Int32 = 8,
    UInt64 = 9,
    UInt128 = 10,
    Array = 11,
    Cache = 12,
    End = 13,
    Boolean = 14,
    Float = 15,
}
