using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Freshet.Conventions.Tests.Floors;

/// <summary>Finds the metadata tokens in a method's instructions.</summary>
internal static class IlReader
{
    private const byte TwoByteMarker = 0xFE;

    private static readonly Dictionary<short, OperandType> Operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => code.Value, static code => code.OperandType);

    /// <summary>Returns the tokens of all types, methods and fields that the instructions name, in order.</summary>
    public static IEnumerable<int> TokensOf(byte[] il)
    {
        for (int at = 0; at < il.Length;)
        {
            short code = il[at++];
            if (code == TwoByteMarker)
                code = (short)((TwoByteMarker << 8) | il[at++]);
            OperandType operand = Operands[code];
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
                yield return BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at));
            at += LengthOf(operand, il.AsSpan(at));
        }
    }

    private static int LengthOf(OperandType operand, ReadOnlySpan<byte> rest) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(rest)),
        _ => 4,
    };
}
