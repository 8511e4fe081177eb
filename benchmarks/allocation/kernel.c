/* Deferred acceptance over one pool a place, in plain C: the yardstick for the compiled Python of the engine.
   The same tables and the same batches as kuznitsa/engines/allocation/kernel.py. */
#include <stdint.h>

enum { BATCH = 32, NEXT = 0, END = 1, LUCK = 2, CUT_OFF = 0, COUNT = 1, SEATS = 2, HEAP = 3 };

static void sift_down(int64_t *heap, int64_t size, int64_t hole, int64_t weight) {
    int64_t child = 2 * hole + 1;
    while (child < size) {
        if (child + 1 < size && heap[child + 1] < heap[child]) child++;
        if (heap[child] >= weight) break;
        heap[hole] = heap[child];
        hole = child;
        child = 2 * hole + 1;
    }
    heap[hole] = weight;
}

void propose(int32_t *stack, int64_t waiting, int32_t (*applicants)[4], const int64_t *contracts,
             int64_t (*pools)[8], int64_t *heap, const int32_t *by_luck, int64_t score_bits, int64_t luck_bits) {
    const int64_t score_mask = ((int64_t)1 << score_bits) - 1, luck_mask = ((int64_t)1 << luck_bits) - 1;
    int64_t offered[BATCH];
    int32_t batch[BATCH];
    while (waiting > 0) {
        int64_t size = waiting < BATCH ? waiting : BATCH, kept = 0;
        waiting -= size;
        for (int64_t i = 0; i < size; i++) {
            batch[i] = stack[waiting + i];
            __builtin_prefetch(applicants[batch[i]]);
        }
        for (int64_t i = 0; i < size; i++) {
            int32_t *applicant = applicants[batch[i]];
            if (applicant[NEXT] < applicant[END]) {
                __builtin_prefetch(contracts + applicant[NEXT]);
                batch[kept++] = batch[i];
            }
        }
        for (int64_t i = 0; i < kept; i++) {
            offered[i] = contracts[applicants[batch[i]][NEXT]];
            __builtin_prefetch(pools[offered[i] >> score_bits]);
        }
        for (int64_t i = 0; i < kept; i++) __builtin_prefetch(heap + pools[offered[i] >> score_bits][HEAP]);
        for (int64_t i = 0; i < kept; i++) {
            int64_t *pool = pools[offered[i] >> score_bits];
            int32_t *applicant = applicants[batch[i]];
            int64_t weight = ((offered[i] & score_mask) << luck_bits) | applicant[LUCK];
            int64_t *own = heap + pool[HEAP], count = pool[COUNT];
            applicant[NEXT]++;
            if (weight < pool[CUT_OFF]) {
                stack[waiting++] = batch[i];
            } else if (count < pool[SEATS]) {
                own[count] = weight;
                pool[COUNT] = count + 1;
                if (count + 1 == pool[SEATS]) {
                    for (int64_t root = (count - 1) / 2; root >= 0 && count > 0; root--)
                        sift_down(own, count + 1, root, own[root]);
                    pool[CUT_OFF] = own[0];
                }
            } else {
                stack[waiting++] = by_luck[pool[CUT_OFF] & luck_mask];
                sift_down(own, count, 0, weight);
                pool[CUT_OFF] = own[0];
            }
        }
    }
}
