using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Freshet.Fuzz.Coverage;

/// <summary>Rewrites an assembly so that each basic block calls <see cref="EdgeCounters.Hit"/> with a number of its own.</summary>
/// <param name="counters">The assembly whose <see cref="EdgeCounters"/> is called.</param>
internal sealed class Instrumenter(Assembly counters)
{
    /// <summary>
    /// The numbers are random rather than consecutive, since an edge is the exclusive or of two; the same assembly always gets the same
    /// ones.
    /// </summary>
    private const int Seed = 20_261;

    private readonly MethodInfo _hit = counters.GetType(typeof(EdgeCounters).FullName!)!.GetMethod(nameof(EdgeCounters.Hit))!;
    private readonly Random _random = new(Seed);

    /// <summary>Reads the assembly from a file and returns it rewritten.</summary>
    public MemoryStream Rewrite(string path)
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(path);
        MethodReference hit = assembly.MainModule.ImportReference(_hit);
        foreach (MethodDefinition method in assembly.MainModule.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
            Rewrite(method.Body, hit);
        MemoryStream rewritten = new();
        assembly.Write(rewritten);
        rewritten.Position = 0;
        return rewritten;
    }

    private void Rewrite(Mono.Cecil.Cil.MethodBody body, MethodReference hit)
    {
        body.SimplifyMacros();
        ILProcessor processor = body.GetILProcessor();
        foreach (Instruction leader in LeadersOf(body))
        {
            // The leader itself becomes the first of the new instructions, so that every branch to it runs them.
            Instruction moved = Instruction.Create(OpCodes.Nop);
            moved.OpCode = leader.OpCode;
            moved.Operand = leader.Operand;
            leader.OpCode = OpCodes.Ldc_I4;
            leader.Operand = _random.Next(EdgeCounters.Count);
            Instruction call = Instruction.Create(OpCodes.Call, hit);
            processor.InsertAfter(leader, call);
            processor.InsertAfter(call, moved);
        }

        body.OptimizeMacros();
    }

    /// <summary>The first instruction of each basic block.</summary>
    private static HashSet<Instruction> LeadersOf(Mono.Cecil.Cil.MethodBody body)
    {
        HashSet<Instruction> leaders = [body.Instructions[0]];
        foreach (Instruction instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
                leaders.Add(target);
            else if (instruction.Operand is Instruction[] targets)
                leaders.UnionWith(targets);
            if (instruction.OpCode.FlowControl == FlowControl.Cond_Branch && instruction.Next is { } next)
                leaders.Add(next);
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            leaders.Add(handler.HandlerStart);
            if (handler.FilterStart is { } filter)
                leaders.Add(filter);
        }

        return leaders;
    }
}
