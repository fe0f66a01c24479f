import fc from "fast-check";

import { at } from "../at.ts";
import { HAND_MADE, index } from "../arbitraries.ts";
import { compareByGet, compareDepartments, expectGone, pathOf } from "../compare.ts";
import { assign, makeDepartment } from "../department-changes.ts";
import type { Department, Directory } from "../directory.ts";
import { adoptByHand, removePerson, setActive } from "../people.ts";
import { expectSame } from "../system.ts";
import { defineCommand, hasPeople } from "./define-command.ts";

/** What an administrator does to somebody, whoever manages them. */
export const changePerson = defineCommand(
  "by hand",
  fc.record({
    who: index,
    act: fc.constantFrom("deactivate", "deactivate", "activate", "adopt", "delete"),
  }),
  {
    isPossible: hasPeople,
    async play(directory, system, { who, act }) {
      const person = at(directory.people, who);
      const path = `/users/${person.id}`;
      switch (act) {
        case "activate":
        case "deactivate": {
          const active = act === "activate";
          setActive(directory, person, active);
          const { status } = await system.admin("PATCH", path, { active });
          expectSame(`status of PATCH ${path}`, 200, status);
          break;
        }
        case "adopt": {
          const wanted = adoptByHand(directory, person);
          const { status } = await system.admin("POST", `${path}/adopt`);
          expectSame(`status of POST ${path}/adopt`, wanted, status);
          break;
        }
        case "delete": {
          const wanted = removePerson(directory, person);
          const { status } = await system.admin("DELETE", path);
          expectSame(`status of DELETE ${path}`, wanted.status, status);
          return expectGone(system, pathOf(person));
        }
      }
      return compareByGet(directory, system, person);
    },
  },
);

export const createDepartment = defineCommand(
  "department by hand",
  fc.record({ name: fc.constantFrom(...HAND_MADE) }),
  {
    async play(directory, system, { name }) {
      const made = makeDepartment(directory, name);
      const { status, body } = await system.admin("POST", "/departments", { name });
      expectSame("status of POST /departments", made === undefined ? 409 : 201, status);
      if (made === undefined) return;
      made.id ||= String(body["id"]);
      expectSame("id of a department", made.id, body["id"]);
    },
  },
);

const inUse = ({ departments }: Readonly<Directory>): Department[] =>
  departments.filter(({ isRetired }) => !isRetired);

export const assignPeople = defineCommand(
  "assign by hand",
  fc.record({
    which: index,
    add: fc.array(index, { maxLength: 3 }),
    remove: fc.array(index, { maxLength: 2 }),
  }),
  {
    isPossible: (directory) => hasPeople(directory) && inUse(directory).length > 0,
    async play(directory, system, { which, add, remove }) {
      // Ids of departments are learned from their list.
      await compareDepartments(directory, system);
      const department = at(inUse(directory), which);
      const adding = add.map((who) => at(directory.people, who));
      const removing = remove
        .map((who) => at(directory.people, who))
        .filter((person) => !adding.includes(person));
      const path = `/departments/${department.id}/members`;
      const { status, body } = await system.admin("POST", path, {
        add: adding.map(({ id }) => id),
        remove: removing.map(({ id }) => id),
      });
      expectSame(`status of POST ${path}`, 200, status);
      const counts = assign(directory, department, { add: adding, remove: removing });
      expectSame(`POST ${path}`, { ...counts, unknown: [] }, body);
      await compareDepartments(directory, system);
    },
  },
);
